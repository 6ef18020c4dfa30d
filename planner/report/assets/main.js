"use strict";
// Puts the parts together: the timeline first, the rest when there is time; theme, keys, print.
(() => {
  const tiles = () => {
    const a = NP.about, counts = a.summary.counts ?? {}, c = NP.columns;
    let cuts = 0, aborted = 0;
    for (const n of c["op.cuts"]) cuts += n;
    for (const n of c["op.aborted"]) aborted += n;
    const made = [[NP.counted(c["op.time"].length), "operations"],
      [NP.us(a.span[1] - a.span[0]) + " us", "device time"],
      [NP.counted(cuts), "suspensions"], [NP.counted(aborted), "aborted"]];
    if (counts.cells_hit !== undefined) made.push([NP.counted(counts.cells_hit), "cells hit"]);
    if (counts.dropped !== undefined) made.push([NP.counted(counts.dropped), "targets dropped"]);
    if (a.summary.seed !== undefined) made.push([a.summary.seed, "seed"]);
    NP.at("facts").innerHTML = made.map(([number, text]) => `<div><b>${number}</b><span>${text}</span></div>`).join("");
  };

  const verdict = () => {
    const a = NP.about, said = a.summary.verdict, badge = NP.at("verdict");
    NP.at("title").textContent = document.title;
    if (!said) {
      badge.textContent = "not judged";
      NP.at("judge").innerHTML = '<p class="notice">There is no run_*.json beside the files: ' +
        "what the judge said is not known. <code>nandplan verify</code> judges the sequence.</p>";
      return;
    }
    badge.textContent = said.legal ? "legal" : "not legal";
    badge.classList.add(said.legal ? "good" : "bad");
    const found = said.violations === 0 ? "no violation"
      : `${NP.counted(said.violations)} ${said.violations === 1 ? "violation" : "violations"}`;
    const rest = Object.entries(said).filter(([key]) => !["legal", "operations", "violations"].includes(key));
    NP.at("judge").innerHTML = `<p>The judge replayed ${NP.counted(said.operations)} operations and found ` +
      `<b class="${said.legal ? "good" : "bad"}">${found}</b>.</p>` +
      (rest.length ? `<pre>${NP.escaped(JSON.stringify(Object.fromEntries(rest), null, 2))}</pre>` : "") + table();
  };
  const table = () => {
    const { summary } = NP.about, versions = summary.versions ?? {}, rows = summary.rows ?? {};
    const lines = [["config", summary.config ?? ""], ...Object.entries(versions)].map(([key, value]) =>
      `<dt>${NP.escaped(key)}</dt><dd>${NP.escaped(value)}</dd>`);
    const files = Object.entries(rows).map(([name, count]) =>
      `<dt>${NP.escaped(name)}</dt><dd>${NP.counted(count)} rows</dd>`);
    const box = (title, rows) => `<div><h3>${title}</h3><div class="detail"><dl>${rows.join("")}</dl></div></div>`;
    return `<div class="two even">${box("Made with", lines)}${box("Files", files)}</div>`;
  };

  const keys = () => {
    const t = NP.timeline, acts = { ArrowLeft: () => t.shift(-0.2), ArrowRight: () => t.shift(0.2), "+": () =>
      t.zoom(0.5), "=": () => t.zoom(0.5),
      "-": () => t.zoom(2), 0: () => t.all(), Home: () => t.go(t.limits.start, t.limits.start +
        t.seen()[1] / NP.scale - t.seen()[0] / NP.scale),
      End: () => t.go(t.limits.end - (t.seen()[1] - t.seen()[0]) / NP.scale, t.limits.end) };
    NP.at("timeline").addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !acts[event.key]) return;
      acts[event.key]();
      event.preventDefault();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { t.hovered = -1; t.choose(-1); NP.tip(null); return; }
      if (event.ctrlKey || event.metaKey || event.altKey ||
        /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
      if (event.key === "/") { NP.at("query").focus(); NP.at("query").select(); }
      else if (event.key === "n") NP.panels.step(1);
      else if (event.key === "p") NP.panels.step(-1);
      else return;
      event.preventDefault();
    });
  };
  const controls = () => {
    const t = NP.timeline;
    for (const [id, act] of [["left", () => t.shift(-0.5)], ["right", () => t.shift(0.5)], ["in", () => t.zoom(0.5)],
      ["out", () => t.zoom(2)], ["all", t.all]]) NP.at(id).onclick = act;
    const asked = () => {
      const [from, to] = ["from", "to"].map((id) => Number(NP.at(id).value.replace(/,/g, "")));
      const wrong = !(to > from);
      for (const id of ["from", "to"]) NP.at(id).classList.toggle("wrong", wrong);
      if (!wrong) t.go(from, to);
    };
    for (const id of ["from", "to"]) NP.at(id).addEventListener("change", asked);
    NP.at("colour").onchange = () => { t.paint(); NP.panels.dress(); };
    NP.pointer("timeline", "timeline", "mousemove", t.hover);
    NP.pointer("timeline", "timeline", "click", (x, y, event, box) =>
      { if (x !== null) { const op = t.under(x, y, box); if (op >= 0) t.choose(op); } });
  };

  const dressed = () => {
    NP.forgetColours();
    for (const figure of Object.values(NP.figures)) NP.dress(figure);
    NP.timeline.paint();
    NP.panels.dress();
    NP.heat.paint();
    NP.heat.dress();
    NP.counts.paint();
    NP.counts.histogram();
  };
  // Paper is white, whatever the screen is.
  const inPrint = (on) => {
    document.documentElement.classList.toggle("printed", on);
    dressed();
  };
  const pause = () => new Promise((done) => setTimeout(done, 0));

  const begin = async () => {
    const asked = location.hash;
    NP.items = JSON.parse(NP.at("figures").textContent);
    await NP.load();
    NP.lanes.build();
    tiles();
    verdict();
    if (NP.about.note) { NP.at("note").textContent = NP.about.note; NP.at("note").hidden = false; }
    await NP.show("timeline");
    NP.timeline.start();
    NP.ready = true;
    NP.panels.start();
    controls();
    keys();
    NP.panels.recall(asked);
    await pause();
    performance.mark("first picture");
    await NP.show("use");
    NP.panels.dress();
    await pause();
    await NP.heat.start();
    await pause();
    await NP.counts.start();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dressed);
    addEventListener("resize", () => NP.timeline.draw(true));
    addEventListener("beforeprint", () => inPrint(true));
    addEventListener("afterprint", () => inPrint(false));
    document.documentElement.dataset.complete = "yes";
  };
  begin().catch(NP.failed);
})();
