"use strict";
// Coverage: one field per pair of op_state and op_name; the bins of a chosen pair.
NP.heat = (() => {
  const own = { chosen: null, cursor: null };
  const c = NP.columns;
  let names, states, statuses, pairs;

  // Sums per pair: cells of each status (hit ones apart), bins, hits.
  const build = () => {
    ({ names, states, statuses } = NP.about);
    pairs = new Map();
    own.sums = { excluded: 0, disabled: 0, unreachable: 0, open: 0, reachable: 0, hit: 0 };
    for (let i = 0; i < c["cell.state"].length; i++) {
      const key = c["cell.state"][i] * names.length + c["cell.name"][i];
      let pair = pairs.get(key);
      if (!pair) pairs.set(key, pair = { first: i, count: 0, hits: 0, sums: [0, 0, 0, 0, 0, 0] });
      const status = c["cell.hits"][i] > 0 ? statuses.length : c["cell.status"][i];
      pair.count++;
      pair.hits += c["cell.hits"][i];
      pair.sums[status]++;
      own.sums[status === statuses.length ? "hit" : statuses[status]]++;
    }
    own.most = 1;
    for (const pair of pairs.values()) own.most = Math.max(own.most, pair.hits);
    own.pairs = pairs;
  };
  const at = (state, name) => pairs.get(state * names.length + name);

  const order = ["open", "reachable", "unreachable", "disabled", "excluded"];
  const toneOf = (pair, byHits, tones) => {
    const hit = pair.sums[statuses.length];
    if (byHits) {
      if (pair.hits) return NP.blended(tones.reachable, tones.hit, Math.log(1 + pair.hits) / Math.log(1 + own.most));
      return pair.sums[statuses.indexOf("open")] || pair.sums[statuses.indexOf("reachable")] ? tones.unreachable
        : tones.excluded;
    }
    const rest = pair.sums[statuses.indexOf("open")] + pair.sums[statuses.indexOf("reachable")];
    if (hit) return NP.blended(tones.reachable, tones.hit, 0.35 + 0.65 * hit / (hit + rest));
    return tones[order.find((status) => pair.sums[statuses.indexOf(status)]) ?? "excluded"];
  };
  own.paint = () => {
    if (!NP.figures.heat) return;
    const tones = Object.fromEntries([...statuses, "hit"].map((name) => [name, NP.colour(name)]));
    const made = new Uint32Array(names.length * states.length).fill(NP.packed(NP.colour("panel"))),
      byHits = NP.at("heatcolour").value === "hits";
    for (const [key, pair] of pairs) {
      const state = Math.floor(key / names.length), name = key % names.length;
      made[(states.length - 1 - state) * names.length + name] = NP.packed(toneOf(pair, byHits, tones));
    }
    NP.setImage("heat", "pairs", made, names.length, states.length, 0, 0, names.length, states.length);
    NP.glyph("heat", "cursor").line_color = NP.colour("glow");
    legend(byHits);
    labels();
  };
  const legend = (byHits) => {
    const words = byHits ? [["reachable", "few hits"], ["hit", "many hits"], ["unreachable", "no hit yet"],
      ["excluded", "cannot be hit"]]
      : [["hit", "hit"], ["part", "hit in some bins"], ["reachable", "reachable, not hit"], ["open", "open"],
        ["unreachable", "unreachable"], ["disabled", "disabled"], ["excluded", "excluded"]];
    NP.at("heatlegend").innerHTML = words.map(([name, text]) =>
      `<span><i style="background:var(--${name})"></i>${text}</span>`).join("");
  };

  // Names where they can be read; else the bases over their columns.
  const labels = () => {
    const plot = NP.plot("heat"), view = NP.view("heat");
    if (!view) return;
    const wide = view.box.width / (plot.x_range.end - plot.x_range.start),
      high = view.box.height / (plot.y_range.end - plot.y_range.start);
    const columns = wide >= 11 ? names.map((name, i) => [i + 0.5, name]) : bases(wide);
    const every = Math.max(1, Math.ceil(10 / high));
    const rows = states.map((state, i) => [states.length - i - 0.5, state]).filter((_, i) => i % every === 0);
    ticks("names", columns);
    ticks("states", rows);
  };
  const bases = (wide) => {
    const made = [];
    let last = -Infinity;
    for (let i = 0; i < names.length;) {
      let end = i;
      while (end < names.length && NP.about.baseOfName[end] === NP.about.baseOfName[i]) end++;
      const middle = (i + end) / 2;
      if ((middle - last) * wide >= 11) { made.push([middle, NP.about.bases[NP.about.baseOfName[i]]]); last = middle; }
      i = end;
    }
    return made;
  };
  const ticks = (name, pairs_) => {
    const key = pairs_.length + (pairs_[0]?.[1] ?? "");
    if (own["shown " + name] === key) return;
    own["shown " + name] = key;
    NP.rows("heat", name, pairs_);
  };
  let queued = false;
  own.moved = () => {
    if (!NP.ready || queued || !NP.figures.heat) return;
    queued = true;
    requestAnimationFrame(() => { queued = false; labels(); });
  };

  own.start = async () => {
    build();
    NP.at("nocoverage").hidden = NP.about.universe;
    NP.at("nocoverage").textContent = `No coverage file (${NP.about.coverageFile}): ` +
      "the map shows the hits of this run; " +
      "what is excluded, unreachable or still open is not known.";
    const total = own.sums.reachable + own.sums.open + own.sums.hit, share = total ? own.sums.hit / total : 0;
    const tiles = [[NP.counted(own.sums.hit), "cells hit"]];
    if (NP.about.universe) {
      tiles.unshift([(share * 100).toFixed(2) + " %", "coverage: hit / (reachable + open)"]);
      tiles.push([NP.counted(own.sums.reachable), "reachable, not hit"],
        ...["open", "unreachable", "disabled", "excluded"].map((name) => [NP.counted(own.sums[name]), name]));
    }
    const told = NP.about.summary.coverage ?? {};
    for (const [key, text] of [["evenness", "evenness"], ["economy", "economy: operations / lower bound"]]) {
      if (typeof told[key] === "number") tiles.push([told[key].toFixed(3), text]);
    }
    NP.at("sums").innerHTML = tiles.map(([number, text]) => `<div><b>${number}</b><span>${text}</span></div>`).join("");
    await NP.show("heat");
    all();
    own.paint();
    NP.pointer("heat", "heat", "mousemove", hover);
    NP.pointer("heat", "heat", "click", (x, y) => { if (x !== null) own.choose(states.length - 1 - Math.floor(y),
      Math.floor(x)); });
    NP.at("heat").addEventListener("keydown", keyed);
    NP.at("heatcolour").onchange = own.paint;
    NP.at("heatall").onclick = all;
    NP.at("heatin").onclick = () => zoom(0.6);
    NP.at("heatout").onclick = () => zoom(1 / 0.6);
    growth();
  };
  const all = () => {
    const plot = NP.plot("heat");
    NP.range(plot.x_range, 0, names.length);
    NP.range(plot.y_range, 0, states.length);
  };
  const zoom = (factor) => {
    const plot = NP.plot("heat"), pick = own.cursor;
    for (const [range, most, middle] of [[plot.x_range, names.length, pick && pick[1] + 0.5],
      [plot.y_range, states.length, pick && states.length - pick[0] - 0.5]]) {
      const centre = middle ?? (range.start + range.end) / 2,
        half = Math.min(most, (range.end - range.start) * factor) / 2;
      const start = Math.min(Math.max(0, centre - half), most - 2 * half);
      NP.range(range, start, start + 2 * half);
    }
  };

  const hover = (x, y, event) => {
    if (x === null) { NP.tip(null); return; }
    const text = told(states.length - 1 - Math.floor(y), Math.floor(x));
    NP.tip(text, event.clientX, event.clientY);
  };
  const told = (state, name) => {
    if (!(state in states) || !(name in names)) return null;
    const pair = at(state, name), head = `<b>${NP.escaped(states[state])} × ${NP.escaped(names[name])}</b>`;
    if (!pair) return head + `<p>${NP.about.universe ? "not in the universe" : "no hit"}</p>`;
    const words = [...statuses, "hit"].map((status, i) => [pair.sums[i], status]).filter(([count]) => count);
    const bins = words.map(([count, status]) => `${count} ${count === 1 ? "bin" : "bins"} ${status}`).join(", ");
    return head + `<p>${bins}; ` +
      `${NP.counted(pair.hits)} ${pair.hits === 1 ? "hit" : "hits"}</p>` +
        reasonsOf(pair).slice(0, 3).map((reason) => `<p>${NP.escaped(reason)}</p>`).join("");
  };
  const reasonsOf = (pair) => {
    const found = new Set();
    for (let i = pair.first; i < pair.first + pair.count; i++) found.add(NP.about.reasons[c["cell.reason"][i]]);
    found.delete("");
    return [...found];
  };

  const keyed = (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Enter" && own.cursor) own.choose(...own.cursor);
    else if (step) {
      const [state, name] = own.cursor ?? [-step[0], -step[1]];
      point(Math.min(states.length - 1, Math.max(0, state + step[0])),
        Math.min(names.length - 1, Math.max(0, name + step[1])));
      const view = NP.view("heat"), plot = view.model;
      const x = (own.cursor[1] + 0.5 - plot.x_range.start) / (plot.x_range.end - plot.x_range.start);
      const y = (plot.y_range.end - (states.length - own.cursor[0] - 0.5)) / (plot.y_range.end - plot.y_range.start);
      NP.tip(told(...own.cursor), view.box.left + x * view.box.width, view.box.top + y * view.box.height);
    } else return;
    event.preventDefault();
  };
  const point = (state, name) => {
    own.cursor = [state, name];
    NP.source("heat", "cursor").data = { left: [name], right: [name + 1], top: [states.length - state],
      bottom: [states.length - state - 1] };
  };
  own.choose = (state, name) => {
    if (!(state in states) || !(name in names)) return;
    point(state, name);
    own.chosen = [state, name];
    NP.at("bins").innerHTML = bins(state, name);
    NP.counts.narrow(state, name);
  };
  const bins = (state, name) => {
    const pair = at(state, name), head = `<h3>${NP.escaped(states[state])} × ${NP.escaped(names[name])}</h3>`;
    const none = NP.about.universe ? "This pair is not in the universe." : "No hit.";
    if (!pair) return head + `<p class="how">${none}</p>`;
    let most = 1;
    for (let i = pair.first; i < pair.first + pair.count; i++) most = Math.max(most, c["cell.hits"][i]);
    const lines = [];
    for (let i = pair.first; i < pair.first + pair.count; i++) {
      const hits = c["cell.hits"][i], status = hits ? "hit" : statuses[c["cell.status"][i]];
      lines.push(`<tr><td class="number">${c["cell.bin"][i]}</td>` +
        `<td><span class="swatch" style="background:var(--${status})"></span>${status}</td>` +
        `<td class="number">${NP.counted(hits)}</td>` +
        `<td><span class="meter" style="width:${Math.round(90 * hits / most)}px"></span></td>` +
        `<td class="wide">${NP.escaped(NP.about.reasons[c["cell.reason"][i]])}</td></tr>`);
    }
    return head + '<table><thead><tr><th class="number">bin</th><th>status</th><th class="number">hits</th><th></th>' +
      `<th>reason</th></tr></thead><tbody>${lines.join("")}</tbody></table>`;
  };

  // Cells hit for the first time, over time.
  const growth = async () => {
    const seen = new Set(), x = [0], y = [0];
    for (let i = 0; i < c["hit.op"].length; i++) {
      const op = c["hit.op"][i], key = (c["hit.state"][i] * names.length + c["op.name"][op]) * 10 + c["hit.bin"][i];
      if (seen.has(key)) continue;
      seen.add(key);
      x.push(c["op.time"][op] / NP.scale);
      y.push(seen.size);
    }
    x[0] = NP.about.span[0] / NP.scale;
    x.push(NP.about.span[1] / NP.scale);
    y.push(seen.size);
    own.cells = seen.size;
    await NP.show("growth");
    const plot = NP.plot("growth"), step = Math.max(1, Math.floor(x.length / 2000));
    const kept = (values) => values.filter((_, i) => i % step === 0 || i === values.length - 1);
    NP.range(plot.x_range, x[0], x[x.length - 1]);
    NP.range(plot.y_range, 0, Math.max(1, seen.size) * 1.05);
    NP.source("growth", "growth").data = { x: kept(x), y: kept(y) };
    own.dress();
  };
  own.dress = () => { if (NP.figures.growth) NP.glyph("growth", "growth").line_color = NP.colour("hit"); };
  return own;
})();
