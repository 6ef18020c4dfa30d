"use strict";
// The page of many runs.
(() => {
  const PAGE = 200;
  let runs = [], shown = [], page = 0;

  const read = () => {
    const { fields } = NP.about;
    runs = NP.about.runs.map((row) => Object.fromEntries(row.map((value, i) => [fields[i], value])));
    let before = 0;
    for (const run of runs) { run.fresh = run.all_cells - before; before = run.all_cells; }
  };
  const sites = () => {
    const found = new Map();
    for (const run of runs) {
      const site = found.get(run.site) ?? { site: run.site, runs: 0, operations: 0, cells: 0, violations: 0,
        unjudged: 0 };
      site.runs++;
      site.operations += run.operations;
      site.cells = run.site_cells;
      site.violations += Math.max(0, run.violations);
      site.unjudged += run.violations < 0 ? 1 : 0;
      found.set(run.site, site);
    }
    return [...found.values()].sort((a, b) => a.site - b.site);
  };
  const share = (cells) => (NP.about.wanted ? ((100 * cells) / Math.max(1, NP.about.wanted.cells)).toFixed(2) + " %"
    : "");
  const verdictOf = (violations, unjudged) => (violations > 0
    ? `<b class="bad">${NP.counted(violations)} violations</b>` : unjudged ? "not judged"
      : '<span class="good">legal</span>');

  const called = (site) => (site < 0 ? "this folder" : `site ${site}`);

  const head = () => {
    const sum = (name) => runs.reduce((total, run) => total + Math.max(0, run[name]), 0), bad = sum("violations");
    const unjudged = runs.filter((run) => run.violations < 0).length, { wanted } = NP.about;
    const cells = wanted && wanted.hit >= 0 ? wanted.hit : runs[runs.length - 1].all_cells;
    NP.at("title").textContent = document.title;
    NP.at("verdict").textContent = bad ? "not legal" : unjudged ? `${unjudged} not judged` : "legal";
    if (bad || !unjudged) NP.at("verdict").classList.add(bad ? "bad" : "good");
    const tiles = [...(runs[0].site < 0 ? [] : [[NP.counted(sites().length), "sites"]]),
      [NP.counted(runs.length), "runs"], [NP.counted(sum("operations")), "operations"],
      [NP.counted(sum("suspensions")), "suspensions"], [NP.counted(cells), "cells hit"]];
    if (wanted) tiles.push([share(cells), `of ${NP.counted(wanted.cells)} cells that can be hit`]);
    NP.at("facts").innerHTML = tiles.map(([number, text]) =>
      `<div><b>${number}</b><span>${text}</span></div>`).join("");
    const lost = runs.filter((run) => run.cells < 0).length, said = [];
    if (!wanted) said.push("No coverage file: how many cells can be hit is not known.");
    if (lost) {
      said.push(`${NP.counted(lost)} ${lost === 1 ? "run has" : "runs have"} no op_state_name_input_time_count file: ` +
        "their cells are not in the pictures.");
    }
    NP.at("nocoverage").hidden = !said.length;
    NP.at("nocoverage").textContent = said.join(" ");
  };

  const growth = () => {
    let operations = 0;
    const all = { x: [0], y: [0] }, each = new Map();
    for (const run of runs) {
      operations += run.operations;
      all.x.push(operations);
      all.y.push(run.all_cells);
      const line = each.get(run.site) ?? { x: [0], y: [0] };
      line.x.push(operations);
      line.y.push(run.site_cells);
      each.set(run.site, line);
    }
    const plot = NP.plot("growth");
    NP.range(plot.x_range, 0, Math.max(1, operations));
    NP.range(plot.y_range, 0, Math.max(1, all.y[all.y.length - 1]) * 1.05);
    NP.source("growth", "all").data = all;
    NP.source("growth", "each").data = { xs: [...each.values()].map((line) => line.x),
      ys: [...each.values()].map((line) => line.y) };
    NP.glyph("growth", "all").line_color = NP.colour("hit");
    NP.glyph("growth", "each").line_color = NP.colour("again");
  };
  const bars = () => {
    const rows = sites(), data = { left: [], right: [], top: [], bottom: [] }, names = new Map();
    rows.forEach((site, i) => {
      const y = rows.length - 1 - i;
      data.left.push(0); data.right.push(site.cells); data.top.push(y + 0.85); data.bottom.push(y + 0.15);
      names.set(y + 0.5, called(site.site));
    });
    NP.range(NP.plot("sites").x_range, 0, Math.max(1, ...data.right) * 1.05);
    NP.source("sites", "sites").data = data;
    NP.glyph("sites", "sites").fill_color = NP.colour("hit");
    NP.rows("sites", "site_rows", [...names]);
  };

  const table = (id, columns, rows) => {
    NP.at(id).tHead.innerHTML = "<tr>" + columns.map(([text, number]) =>
      `<th scope="col"${number ? ' class="number"' : ""}>${text}</th>`).join("") + "</tr>";
    NP.at(id).tBodies[0].innerHTML = rows.map((row) => "<tr>" +
      row.map((text, i) => `<td${columns[i][1] ? ' class="number"' : ""}>${text}</td>`).join("") + "</tr>").join("");
  };
  const siteTable = () => {
    const columns = [["site"], ["runs", 1], ["operations", 1], ["cells hit", 1],
      ...(NP.about.wanted ? [["coverage", 1]] : []), ["judge"]];
    table("sitetable", columns, sites().map((site) => [called(site.site), NP.counted(site.runs),
      NP.counted(site.operations), NP.counted(site.cells),
      ...(NP.about.wanted ? [share(site.cells)] : []), verdictOf(site.violations, site.unjudged)]));
  };
  const runTable = () => {
    const columns = [["site"], ["run", 1], ["operations", 1], ["device time in us", 1], ["suspensions", 1],
      ["cells hit", 1], ["new cells", 1], ["judge"], ["files"]];
    const rows = shown.slice(page * PAGE, (page + 1) * PAGE);
    table("runs", columns, rows.map((run) => [called(run.site), run.run, NP.counted(run.operations),
      NP.counted(run.device_us), NP.counted(run.suspensions), run.cells < 0 ? "" : NP.counted(run.cells),
      NP.counted(run.fresh), verdictOf(run.violations, run.violations < 0),
        `<a href="${NP.escaped(encodeURI(run.link))}">${run.page ? "page" : "folder"}</a>`]));
    NP.at("rows").textContent = shown.length
      ? `${NP.counted(page * PAGE + 1)} to ${NP.counted(page * PAGE + rows.length)} of ${NP.counted(shown.length)}`
        : "none";
    NP.at("fewer").disabled = page === 0;
    NP.at("more").disabled = (page + 1) * PAGE >= shown.length;
  };
  const choose = () => {
    const site = NP.at("site").value, order = NP.at("order").value;
    shown = runs.filter((run) => site === "all" || run.site === Number(site));
    if (order !== "made") shown.sort((a, b) => b[order] - a[order]);
    page = 0;
    runTable();
  };

  const paint = () => {
    NP.forgetColours();
    for (const figure of Object.values(NP.figures)) NP.dress(figure);
    growth();
    bars();
  };
  const begin = async () => {
    NP.items = JSON.parse(NP.at("figures").textContent);
    await NP.load();
    read();
    head();
    siteTable();
    NP.at("site").innerHTML += sites().map((site) =>
      `<option value="${site.site}">${called(site.site)}</option>`).join("");
    NP.at("site").onchange = NP.at("order").onchange = choose;
    NP.at("fewer").onclick = () => { page--; runTable(); };
    NP.at("more").onclick = () => { page++; runTable(); };
    choose();
    await NP.show("growth");
    await NP.show("sites");
    paint();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    document.documentElement.dataset.complete = "yes";
  };
  begin().catch(NP.failed);
})();
