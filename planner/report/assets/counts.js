"use strict";
// Address maps and input times.
NP.counts = (() => {
  const own = { maps: {} };
  const c = NP.columns;
  const FAMILIES = { programs: 0, reads: 1 };

  // --- addresses: planes (or blocks, plane by plane) x pages
  const rowsOf = (byBlock) => {
    const rows = new Map(), labels = [];
    const keys = new Set();
    for (let i = 0; i < c["touch.die"].length; i++) keys.add(keyOf(i, byBlock));
    if (!byBlock) for (const die of NP.about.dies) for (let plane = 0; plane < NP.about.planes;
      plane++) keys.add((die * 64 + plane) * 1e6);
    for (const key of [...keys].sort((a, b) => a - b)) {
      const lane = Math.floor(key / 1e6);
      rows.set(key, labels.length);
      labels.push(`d${Math.floor(lane / 64)}-p${lane % 64}` + (byBlock ? ` b${key % 1e6}` : ""));
    }
    return { rows, labels };
  };
  const keyOf = (i, byBlock) => (c["touch.die"][i] * 64 + c["touch.plane"][i]) * 1e6 +
    (byBlock ? c["touch.block"][i] : 0);

  own.paint = () => {
    if (!NP.figures.reads || !NP.about.celltypes) return;
    const byBlock = NP.at("rowsby").value === "block", only = Number(NP.at("celltype").value);
    const { rows, labels } = rowsOf(byBlock);
    let pages = NP.about.pages;
    for (const page of c["touch.page"]) pages = Math.max(pages, page + 1);
    for (const [name, family] of Object.entries(FAMILIES)) paint(name, family, rows, labels, pages, byBlock, only);
  };
  const paint = (name, family, rows, labels, pages, byBlock, only) => {
    const counts = new Float64Array(rows.size * pages);
    let sum = 0, most = 1;
    for (let i = 0; i < c["touch.die"].length; i++) {
      if (c["touch.family"][i] !== family || (only >= 0 && c["touch.celltype"][i] !== only)) continue;
      const place = (rows.size - 1 - rows.get(keyOf(i, byBlock))) * pages + c["touch.page"][i];
      most = Math.max(most, counts[place] += c["touch.count"][i]);
      sum += c["touch.count"][i];
    }
    const low = NP.colour("panel"), from = NP.blended(low, NP.colour(name === "reads" ? "read" : "program"), 0.3),
      to = NP.colour(name === "reads" ? "read" : "program");
    const made = new Uint32Array(counts.length);
    counts.forEach((count, i) => {
      made[i] = NP.packed(count ? NP.blended(from, to, most > 1 ? Math.log(count) / Math.log(most) : 1) : low);
    });
    const plot = NP.plot(name);
    plot.height = Math.max(220, Math.min(1600, labels.length * (byBlock ? 11 : 26) + 60));
    NP.range(plot.x_range, 0, pages);
    NP.range(plot.y_range, 0, labels.length);
    NP.setImage(name, name, made, pages, labels.length, 0, 0, pages, labels.length);
    const every = Math.ceil(labels.length / Math.floor(plot.height / 11));
    NP.rows(name, name + "_rows", labels.map((text, i) => [labels.length - i - 0.5, text]).filter((_, i) =>
      i % every === 0));
    own.maps[name] = { counts, labels, pages, sum };
    NP.at(name === "reads" ? "readsum"
      : "programsum").textContent = `${NP.counted(sum)} touches, ${NP.counted(most)} at most on a page`;
  };
  const hover = (name) => (x, y, event) => {
    const map = own.maps[name];
    if (x === null || !map) { NP.tip(null); return; }
    const row = Math.floor(y), page = Math.floor(x), label = map.labels[map.labels.length - 1 - row];
    if (label === undefined) { NP.tip(null); return; }
    const count = map.counts[row * map.pages + page];
    NP.tip(`<b>${label}, page ${page}</b><p>${NP.counted(count)} ${name === "reads" ? "read" : "programmed"}</p>`,
      event.clientX, event.clientY);
  };

  // --- input times
  own.histogram = () => {
    if (!NP.figures.times || !NP.about.timesKnown) return;
    const state = Number(NP.at("timestate").value), name = Number(NP.at("timename").value),
      sums = new Array(100).fill(0);
    let sum = 0, pointlike = 0;
    for (let i = 0; i < c["fine.at"].length; i++) {
      if ((state >= 0 && c["fine.state"][i] !== state) || (name >= 0 && c["fine.name"][i] !== name)) continue;
      if (own.still[c["fine.state"][i]]) { pointlike += c["fine.count"][i]; continue; }
      sums[c["fine.at"][i]] += c["fine.count"][i];
      sum += c["fine.count"][i];
    }
    own.bars = sums;
    const plot = NP.plot("times");
    NP.range(plot.y_range, 0, Math.max(1, ...sums) * 1.06);
    NP.source("times", "times").data = { left: sums.map((_, i) => (i + 0.08) / 100),
      right: sums.map((_, i) => (i + 0.92) / 100), top: sums };
    NP.glyph("times", "times").fill_color = NP.colour("program");
    NP.at("timesum").textContent = `${NP.counted(sum)} hits inside of segments` +
      (pointlike ? `; ${NP.counted(pointlike)} hits after one (END), which have no place` : "");
  };
  own.narrow = (state, name) => {
    if (!NP.about.timesKnown) return;
    NP.at("timestate").value = state;
    NP.at("timename").value = name;
    own.histogram();
  };
  const options = (words, all) => `<option value="-1">${all}</option>` +
    words.map((word, i) => `<option value="${i}">${NP.escaped(word)}</option>`).join("");

  own.start = async () => {
    const { celltypes, timesKnown, states, names } = NP.about;
    NP.at("noaddresses").hidden = celltypes !== null;
    NP.at("noaddresses").textContent = "No address_touch_count file.";
    NP.at("notimes").hidden = timesKnown;
    NP.at("notimes").textContent = "No op_state_name_input_time_count file.";
    if (celltypes) {
      await NP.show("programs");
      await NP.show("reads");
      NP.at("celltype").innerHTML += celltypes.map((word, i) =>
        `<option value="${i}">${NP.escaped(word)}</option>`).join("");
      NP.at("celltype").onchange = NP.at("rowsby").onchange = own.paint;
      for (const name of Object.keys(FAMILIES)) NP.pointer(name, name, "mousemove", hover(name));
      own.paint();
    }
    if (timesKnown) {
      own.still = states.map((state) => /(\.END|^DEFAULT)$/.test(state));
      NP.at("timestate").innerHTML = options(states, "all");
      NP.at("timename").innerHTML = options(names, "all");
      NP.at("timestate").onchange = NP.at("timename").onchange = own.histogram;
      await NP.show("times");
      own.histogram();
    }
  };
  return own;
})();
