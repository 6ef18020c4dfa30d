"use strict";
// What stands beside the timeline and follows it: the table, the operation chosen, the use of lanes, the search.
NP.panels = (() => {
  const PAGE = 40;
  const own = { from: 0, to: 0, page: 0, found: [], at: -1 };
  const c = NP.columns;
  const nameOf = (op) => NP.about.names[c["op.name"][op]];
  const baseOf = (op) => NP.about.bases[NP.about.baseOfName[c["op.name"][op]]];
  const planesOf = (op) => bits(c["op.planes"][op]);
  const bits = (mask) => {
    const found = [];
    for (let plane = 0; plane < 31; plane++) if ((mask >> plane) & 1) found.push(plane);
    return found;
  };
  const blocksOf = (op) => {
    const block = c["op.block"][op], planes = planesOf(op);
    if (block < 0) return "";
    return planes.map((plane) => block - planes[0] + plane).join("+");
  };
  const coverOf = (op) => ["", "first", "again"][c["op.did"][op]];
  const orNothing = (value) => (value < 0 ? "" : value);

  // --- the table
  const HEAD = [["time in us", 1], ["op_uid", 1], ["op_name"], ["die", 1], ["planes"], ["blocks"], ["page", 1],
    ["source"], ["found the planes in"], ["expects"], ["length in us", 1], ["pieces", 1], ["coverage"]];
  own.moved = (start, end) => {
    const times = c["op.time"];
    own.from = NP.first(times.length, (i) => times[i] >= start);
    own.to = NP.first(times.length, (i) => times[i] > end);
    own.page = 0;
    NP.at("from").value = Math.max(0, start / NP.scale).toFixed(Math.min(NP.about.decimals, 4));
    NP.at("to").value = (end / NP.scale).toFixed(Math.min(NP.about.decimals, 4));
    NP.at("from").classList.remove("wrong");
    NP.at("to").classList.remove("wrong");
    own.rows();
    use(start, end);
    remember();
  };
  own.rows = () => {
    const count = own.to - own.from, first = own.from + own.page * PAGE, last = Math.min(own.to, first + PAGE);
    const lines = [];
    for (let op = first; op < last; op++) lines.push(line(op));
    NP.at("operations").tBodies[0].innerHTML = lines.join("");
    NP.at("shown").textContent = `${NP.counted(count)} of ${NP.counted(c["op.time"].length)} start in it`;
    NP.at("rows").textContent = count ? `${NP.counted(first - own.from + 1)} to ${NP.counted(last - own.from)}`
      : "none";
    NP.at("fewer").disabled = own.page === 0;
    NP.at("more").disabled = last >= own.to;
  };
  const line = (op) => {
    const found = NP.about.found[c["op.found"][op]];
    const length = c["op.length"][op];
    const cells = [NP.us(c["op.time"][op]), `<button>${c["op.uid"][op]}</button>`, nameOf(op),
      orNothing(c["op.die"][op]),
      planesOf(op).join("+"), blocksOf(op), orNothing(c["op.page"][op]), NP.about.source[c["op.source"][op]], found,
      NP.about.exp_val[c["op.exp_val"][op]], length < 0 ? "" : NP.us(length), c["op.cuts"][op] + 1, coverOf(op)];
    const chosen = op === NP.timeline.chosen ? ' class="chosen" aria-selected="true"' : "";
    return `<tr data-op="${op}"${chosen}>` + cells.map((text, i) =>
      `<td${HEAD[i][1] ? ' class="number"' : ""}>${text}</td>`).join("") + "</tr>";
  };

  // --- one operation
  own.told = (op) => {
    const cells = own.cellsOf(op).slice(0, 3).map((cell) => `<p>${NP.escaped(cell)}</p>`).join("");
    const where = [c["op.die"][op] < 0 ? "" : `die ${c["op.die"][op]}`, planesOf(op).length
      ? `planes ${planesOf(op).join("+")}` : "",
      blocksOf(op) ? `block ${blocksOf(op)}` : "", c["op.page"][op] < 0 ? ""
        : `page ${c["op.page"][op]}`].filter(Boolean).join(", ");
    const expects = NP.about.exp_val[c["op.exp_val"][op]];
    const cuts = c["op.cuts"][op], ended = c["op.aborted"][op] ? ", aborted by a reset" : "";
    const long = c["op.length"][op] < 0 ? "" : `, ${NP.us(c["op.length"][op])} us long`;
    const head = `op_uid ${c["op.uid"][op]} · ${baseOf(op)}${expects ? ` · expects ${expects}` : ""}`;
    return `<b>${NP.escaped(nameOf(op))}</b><p>${head}</p><p>${NP.us(c["op.time"][op])} us${long}${ended}</p>` +
      (where ? `<p>${where}</p>` : "") +
        (cuts ? `<p>suspended ${cuts === 1 ? "once" : cuts + " times"}: ${cuts + 1} pieces</p>` : "") + cells;
  };
  own.cellsOf = (op) => {
    const ops = c["hit.op"], from = NP.first(ops.length, (i) => ops[i] >= op), made = [];
    for (let i = from; i < ops.length && ops[i] === op; i++) {
      made.push(`hits ${NP.about.states[c["hit.state"][i]]}, bin ${c["hit.bin"][i]}`);
    }
    return made;
  };
  own.chose = (op) => {
    NP.at("detail").innerHTML = op < 0 ? '<p class="how">Point at an operation in the picture, or choose one.</p>'
      : whole(op);
    for (const row of NP.at("operations").tBodies[0].rows) {
      const is = Number(row.dataset.op) === op;
      row.classList.toggle("chosen", is);
      row.toggleAttribute("aria-selected", is);
      if (is) row.scrollIntoView({ block: "nearest" });
    }
    remember();
  };
  const whole = (op) => {
    const gaps = [...NP.lanes.rowsOf("gap", op)].map((row) =>
      `${NP.us(NP.lanes.gap.start[row])} to ${NP.us(NP.lanes.gap.end[row])} us`);
    const unique = [...new Set(gaps)];
    const end = c["op.length"][op] < 0 ? "not in this run" : NP.us(c["op.time"][op] + c["op.length"][op]) + " us" +
      (c["op.aborted"][op] ? ", aborted" : "");
    const pairs = [["op_name", nameOf(op)], ["op_base", baseOf(op)], ["op_uid", c["op.uid"][op]],
      ["start", NP.us(c["op.time"][op]) + " us"],
      ["end", end], ["die", orNothing(c["op.die"][op])], ["planes", planesOf(op).join("+")], ["blocks", blocksOf(op)],
      ["page", orNothing(c["op.page"][op])], ["asked for by", NP.about.source[c["op.source"][op]]],
        ["found the planes in", NP.about.found[c["op.found"][op]]],
      ["expects", NP.about.exp_val[c["op.exp_val"][op]]], ["suspended", unique.join("<br>")],
        ["coverage", own.cellsOf(op).map((cell) => cell.slice(5)).join("<br>")]];
    return "<dl>" + pairs.filter(([, value]) => value !== "").map(([key, value]) =>
      `<dt>${key}</dt><dd>${value}</dd>`).join("") + "</dl>";
  };

  // --- use of lanes: of the time shown, by colour; a line for the whole run
  const shares = (start, end) => {
    const palette = NP.timeline.palette(), kinds = NP.timeline.kinds();
    return NP.lanes.list.map((lane) => NP.lanes.busy(lane, start, Math.max(end - start, 1), 1, kinds, palette.length));
  };
  const use = (start, end) => {
    if (!NP.figures.use) return;
    const [first, last] = NP.about.span, from = Math.max(start, first), to = Math.min(end, last);
    const palette = NP.timeline.palette(), now = shares(from, to), run = own.run ??= shares(first, last);
    const parts = { left: [], right: [], top: [], bottom: [], tone: [] }, lines = { x: [], top: [], bottom: [] },
      words = { x: [], y: [], text: [] };
    NP.lanes.list.forEach((lane, at) => {
      let sum = 0, all = 0;
      for (let kind = 0; kind < palette.length; kind++) {
        all += run[at][kind] * 100;
        if (now[at][kind] <= 0) continue;
        parts.left.push(sum);
        parts.right.push(sum += now[at][kind] * 100);
        parts.top.push(lane.y + 0.82);
        parts.bottom.push(lane.y + 0.18);
        parts.tone.push(palette[kind]);
      }
      lines.x.push(all); lines.top.push(lane.y + 0.95); lines.bottom.push(lane.y + 0.05);
      words.x.push(100); words.y.push(lane.y + 0.5); words.text.push(sum.toFixed(1) + " %");
    });
    own.used = words.text;
    NP.source("use", "parts").data = parts;
    NP.source("use", "run").data = lines;
    NP.source("use", "shares").data = words;
  };
  own.dress = () => {
    own.run = null;
    if (!NP.figures.use) return;
    NP.glyph("use", "run").line_color = NP.colour("mark");
    NP.glyph("use", "shares").text_color = NP.colour("ink");
    NP.rows("use", "use_lanes", NP.timeline.rows());
    use(...NP.timeline.seen());
  };

  // --- search: a number is an op_uid, anything else a part of an op_name
  own.search = (text) => {
    const wanted = text.trim().toLowerCase();
    own.found = [];
    own.at = -1;
    if (/^\d+$/.test(wanted)) {
      const uids = c["op.uid"], at = NP.first(uids.length, (i) => uids[i] >= Number(wanted));
      if (at < uids.length && uids[at] === Number(wanted)) own.found = [at];
    } else if (wanted) {
      const exact = NP.about.names.findIndex((name) => name.toLowerCase() === wanted);
      const yes = NP.about.names.map((name, i) => (exact >= 0 ? i === exact : name.toLowerCase().includes(wanted)));
      for (let op = 0; op < c["op.name"].length; op++) if (yes[c["op.name"][op]]) own.found.push(op);
    }
    own.sought = text;
    NP.at("found").textContent = !wanted ? "" : own.found.length ? `${NP.counted(own.found.length)} found`
      : "nothing found";
  };
  own.step = (by) => {
    if (own.sought !== NP.at("query").value) own.search(NP.at("query").value);
    const { found } = own;
    if (!NP.at("query").value.trim()) own.neighbour(by);
    if (!found.length) return;
    const [start] = NP.timeline.seen();
    if (own.at < 0 && by > 0) own.at = Math.max(0, NP.first(found.length, (i) =>
      c["op.time"][found[i]] >= start)) % found.length;
    else own.at = (Math.max(own.at, by < 0 ? 0 : -1) + by + found.length) % found.length;
    NP.timeline.jump(found[own.at]);
    NP.at("found").textContent = `${NP.counted(own.at + 1)} of ${NP.counted(found.length)}`;
  };

  // Without a search: the operation before or after the chosen one, or the first in the picture.
  own.neighbour = (by) => {
    const { chosen } = NP.timeline, op = chosen < 0 ? own.from : chosen + by;
    if (op >= 0 && op < c["op.time"].length) NP.timeline.jump(op);
  };

  // --- the address of the page says what is shown, so that it can be sent to somebody
  const remember = () => {
    const [start, end] = NP.timeline.seen(), chosen = NP.timeline.chosen;
    const words = [`from=${(start / NP.scale).toFixed(4)}`, `to=${(end / NP.scale).toFixed(4)}`];
    if (chosen >= 0) words.push(`op=${c["op.uid"][chosen]}`);
    try { history.replaceState(null, "", "#" + words.join("&")); } catch { /* a browser may refuse it for files */ }
  };
  own.recall = (text) => {
    const words = new URLSearchParams(text.replace(/^#/, ""));
    const from = Number(words.get("from")), to = Number(words.get("to")), uid = words.get("op");
    if (words.has("from") && to > from) NP.timeline.go(from, to);
    if (uid) {
      own.search(uid);
      if (own.found.length) NP.timeline.choose(own.found[0]);
    }
  };

  own.start = () => {
    NP.at("operations").tHead.innerHTML = "<tr>" + HEAD.map(([text, number]) =>
      `<th scope="col"${number ? ' class="number"' : ""}>${text}</th>`).join("") + "</tr>";
    NP.at("operations").addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-op]");
      if (row) NP.timeline.jump(Number(row.dataset.op));
    });
    NP.at("fewer").onclick = () => { own.page--; own.rows(); };
    NP.at("more").onclick = () => { own.page++; own.rows(); };
    NP.at("names").innerHTML = NP.about.names.map((name) => `<option value="${NP.escaped(name)}">`).join("");
    NP.at("search").addEventListener("submit", (event) => { event.preventDefault(); own.step(1); });
    NP.at("previous").onclick = () => own.step(-1);
    NP.at("query").addEventListener("input", () => own.search(NP.at("query").value));
    own.chose(-1);
  };
  return own;
})();
