"use strict";
// The picture: draws what can be seen, aggregated where it is too dense to be told apart.
NP.timeline = (() => {
  const MOST = 1500;      // pieces in the view that are drawn one by one
  const AROUND = 0.5;     // views on each side that are drawn in advance, so that moving costs nothing
  const BUCKETS = 400;    // columns of a view where pieces are added up
  // pixel rows of a lane in an added-up picture: space below, busy time, and all with suspended time on top
  const LANE = { foot: 2, busy: 11, all: 16 }, STRIP = { foot: 1, busy: 6, all: 8 };
  const LETTER = 6.4;     // pixels of a letter in a label
  const own = { mode: "", hovered: -1, chosen: -1, drawn: null };
  let range, queued = false, later = 0;

  const colours = () => {
    const a = NP.about;
    own.byFamily = a.families.map((family) => NP.colour(family));
    own.byCover = ["nocell", "first", "again"].map((name) => NP.colour(name));
    const c = NP.columns, family = new Uint8Array(c["op.name"].length);
    for (let i = 0; i < family.length; i++) family[i] = a.familyOfBase[a.baseOfName[c["op.name"][i]]];
    own.familyOf = family;
  };
  own.palette = () => (NP.at("colour").value === "family" ? own.byFamily : own.byCover);
  own.kinds = () => (NP.at("colour").value === "family" ? own.familyOf : NP.columns["op.did"]);

  own.start = () => {
    colours();
    range = NP.plot("timeline").x_range;
    own.limits = { start: NP.about.span[0] / NP.scale, end: NP.about.span[1] / NP.scale };
    own.paint();
  };
  own.seen = () => [range.start * NP.scale, range.end * NP.scale];

  own.moved = () => {
    if (!NP.ready || queued) return;
    queued = true;
    queueMicrotask(() => { queued = false; own.draw(false); });
  };

  // Everything anew: other colours, another theme.
  own.paint = () => {
    colours();
    stripes();
    NP.rows("timeline", "lanes", own.rows());
    NP.glyph("timeline", "links").line_color = NP.colour("glow");
    NP.glyph("timeline", "marks").line_color = NP.colour("mark");
    whole();
    own.draw(true);
    legend();
  };
  own.rows = () => NP.lanes.list.map((lane) => [lane.y + 0.5, lane.key]);

  const stripes = () => {
    const data = { left: [], right: [], top: [], bottom: [], tone: [] }, wide = own.limits.end - own.limits.start;
    for (const lane of NP.lanes.list) {
      const die = lane.key.startsWith("d") && !lane.key.includes("-");
      data.left.push(own.limits.start - wide);
      data.right.push(own.limits.end + wide);
      data.top.push(lane.y + 0.97);
      data.bottom.push(lane.y + 0.03);
      data.tone.push(NP.colour(die || lane.key === "bus" ? "panel" : "stripe"));
    }
    NP.source("timeline", "stripes").data = data;
  };

  own.draw = (force) => {
    const [start, end] = own.seen(), span = end - start, done = own.drawn;
    const fits = done && start >= done.from && end <= done.to && Math.abs(done.span / span - 1) < 1e-6;
    if (force || !fits) {
      const many = NP.lanes.countBetween(start, end) > MOST;
      const from = start - AROUND * span, to = end + AROUND * span;
      own.drawn = { from, to, span };
      if (many) dense(from, to, span); else detailed(from, to, span);
      marks();
    }
    if (own.mode === "detailed") edges(start, end);
    clearTimeout(later);
    later = setTimeout(() => NP.panels.moved(start, end), force ? 0 : 120);
  };

  // Pixels that the picture is wide.
  const wide = () => Math.max(200, NP.frame("timeline")?.width ?? 1000);

  // --- pieces one by one
  const inset = (lane) => (lane.key === "bus" || !lane.key.includes("-") ? 0.2 : 0.1);
  const alphas = [1, 1, 0.5, 0.5];

  const detailed = (from, to, span) => {
    own.mode = "detailed";
    const pixel = span / wide();
    const p = { left: [], right: [], top: [], bottom: [], tone: [], alpha: [], op: [] };
    const gaps = { left: [], right: [], top: [], bottom: [], hatch: [], tone: [] };
    const palette = own.palette(), kinds = own.kinds(), dark = palette.map((tone) => NP.blended(tone, "#101418", 0.3));
    for (const lane of NP.lanes.list) {
      const t = lane.table, space = inset(lane), [first, last] = NP.lanes.between(lane, from, to);
      for (let i = first; i < last; i++) {
        const row = lane.rows[i], op = t.op[row], length = t.end[row] - t.start[row];
        const state = t.state ? t.state[row] : 0;
        const gap = length > 5 * pixel ? pixel : 0;
        p.left.push(t.start[row] / NP.scale);
        p.right.push((t.start[row] + Math.max(length - gap, pixel)) / NP.scale);
        p.top.push(lane.y + 1 - space);
        p.bottom.push(lane.y + space);
        p.tone.push((lane.table === NP.lanes.held && state === 0 ? dark : palette)[op < 0 ? 0 : kinds[op]]);
        p.alpha.push(alphas[state] ?? 1);
        p.op.push(op);
      }
      cuts(gaps, lane, from, to);
    }
    NP.source("timeline", "pieces").data = p;
    NP.source("timeline", "gaps").data = gaps;
    labels(from, to, span);
    empty("dense");
  };
  const cuts = (gaps, lane, from, to) => {
    const [first, last] = NP.lanes.between(lane.gaps, from, to), t = NP.lanes.gap, palette = own.palette(),
      kinds = own.kinds();
    for (let i = first; i < last; i++) {
      const row = lane.gaps.rows[i];
      gaps.left.push(t.start[row] / NP.scale);
      gaps.right.push(t.end[row] / NP.scale);
      gaps.top.push(lane.y + 0.97);
      gaps.bottom.push(lane.y + 0.03);
      gaps.hatch.push(own.familyOf[t.op[row]] === 0 ? "/" : "\\");
      gaps.tone.push(palette[kinds[t.op[row]]]);
    }
  };
  // A label lies at the start of its piece; once it has left the picture there is one at the picture's edge.
  const label = (words, lane, row, from, letter) => {
    const t = lane.table, op = t.op[row], letters = Math.floor((t.end[row] - from) / letter - 1.4);
    if (letters < 4 || op < 0) return 0;
    const name = NP.about.names[NP.columns["op.name"][op]], pale = t.state && t.state[row] > 1;
    const text = name.length > letters ? name.slice(0, letters - 1) + "…" : name;
    words.x.push(from / NP.scale);
    words.y.push(lane.y + 0.5);
    words.text.push(text);
    words.tone.push(NP.colour(pale ? "ink" : "label"));
    return (text.length + 1.4) * letter;
  };
  const labels = (from, to, span) => {
    const words = { x: [], y: [], text: [], tone: [] }, letter = LETTER * span / wide();
    own.lettered = new Map();
    for (const lane of NP.lanes.list) {
      const [first, last] = NP.lanes.between(lane, from, to), t = lane.table;
      for (let i = first; i < last; i++) {
        const row = lane.rows[i], until = t.start[row] + label(words, lane, row, t.start[row], letter);
        if (t.end[row] - t.start[row] > span / 20) own.lettered.set(lane.key + ":" + row, until);
      }
    }
    NP.source("timeline", "labels").data = words;
  };
  const edges = (start, end) => {
    const words = { x: [], y: [], text: [], tone: [] }, letter = LETTER * (end - start) / wide();
    for (const lane of NP.lanes.list) {
      const row = NP.lanes.find(lane, start, 0), t = lane.table;
      if (row >= 0 && (own.lettered.get(lane.key + ":" + row) ?? Infinity) < start) {
        label(words, lane, row, start, letter);
      }
    }
    const source = NP.source("timeline", "edges");
    if (words.x.length || source.data.x.length) source.data = words;
  };
  const empty = (...names) => {
    for (const name of names) {
      const source = NP.source("timeline", name);
      if (name === "dense") NP.setImage("timeline", "dense", new Uint32Array(1), 1, 1, 0, 0, 1e-9, 1e-9);
      else if (Object.values(source.data)[0].length) {
        source.data = Object.fromEntries(Object.keys(source.data).map((key) => [key, []]));
      }
    }
  };

  // --- added up: per lane and column the share of each colour, stacked; on top the share of suspended time
  const pixels = (start, width, count, shape) => {
    const made = new Uint32Array(NP.lanes.list.length * shape.all * count);
    const palette = own.palette().map((hex) => NP.packed(hex)), kinds = own.kinds();
    const grey = NP.packed(NP.colour("soft"), 0.75);
    for (const lane of NP.lanes.list) {
      const sums = NP.lanes.busy(lane, start, width, count, kinds, palette.length);
      const cut = lane.gaps.rows.length ? NP.lanes.busy(lane.gaps, start, width, count, kinds, palette.length) : null;
      for (let at = 0; at < count; at++) {
        let sum = 0, filled = 0;
        for (let kind = 0; kind < palette.length; kind++) {
          const part = sums[at * palette.length + kind];
          if (part <= 0) continue;
          sum += part;
          const until = Math.min(shape.busy, Math.max(Math.round(sum * shape.busy), filled + (filled ? 0 : 1)));
          for (; filled < until; filled++) made[(lane.y * shape.all + shape.foot + filled) * count +
            at] = palette[kind];
        }
        if (!cut) continue;
        let stopped = 0;
        for (let kind = 0; kind < palette.length; kind++) stopped += cut[at * palette.length + kind];
        if (stopped > 0.5) made[((lane.y + 1) * shape.all - shape.foot) * count + at] = grey;
      }
    }
    return made;
  };
  const dense = (from, to, span) => {
    own.mode = "dense";
    const width = span / BUCKETS, start = Math.floor(from / width) * width, count = Math.ceil((to - start) / width);
    const lanes = NP.lanes.list.length;
    NP.setImage("timeline", "dense", pixels(start, width, count, LANE), count, lanes * LANE.all, start / NP.scale, 0,
      width * count / NP.scale, lanes);
    empty("pieces", "labels", "edges", "gaps");
  };
  const whole = () => {
    const [start, end] = NP.about.span, count = 900, lanes = NP.lanes.list.length;
    const made = pixels(start, (end - start) / count, count, STRIP);
    NP.setImage("timeline", "whole", made, count, lanes * STRIP.all, start / NP.scale, 0, (end - start) / NP.scale,
      lanes);
  };

  // --- what belongs together: all fragments of one operation, and dashes across its suspensions
  const marks = () => {
    const data = { left: [], right: [], top: [], bottom: [], width: [] }, links = { xs: [], ys: [] };
    for (const [op, width] of [[own.chosen, 3], [own.hovered, 2]]) if (op >= 0) mark(op, width, data, links);
    NP.source("timeline", "marks").data = data;
    NP.source("timeline", "links").data = links;
  };
  const mark = (op, width, data, links) => {
    const pixel = own.drawn.span / 1000;
    for (const lane of NP.lanes.list) {
      const kind = lane.key === "bus" ? "bus" : lane.key.includes("-") ? "held" : "spread", t = lane.table,
        space = inset(lane);
      const [die, plane] = lane.key === "bus" ? [0, 0] : lane.key.slice(1).split("-p").map(Number);
      const mine = (from, row) => kind === "bus" || (from.die[row] === die &&
        (kind === "spread" || (from.mask[row] >> plane) & 1));
      for (const row of NP.lanes.rowsOf(kind, op)) {
        if (!mine(t, row)) continue;
        data.left.push(t.start[row] / NP.scale);
        data.right.push(Math.max(t.end[row], t.start[row] + 2 * pixel) / NP.scale);
        data.top.push(lane.y + 1 - space);
        data.bottom.push(lane.y + space);
        data.width.push(width);
      }
      if (kind !== "held") continue;
      for (const row of NP.lanes.rowsOf("gap", op)) {
        if (!mine(NP.lanes.gap, row)) continue;
        links.xs.push([NP.lanes.gap.start[row] / NP.scale, NP.lanes.gap.end[row] / NP.scale]);
        links.ys.push([lane.y + 0.06, lane.y + 0.06]);
      }
    }
  };

  own.hover = (x, y, event, box) => {
    const op = x === null ? -1 : own.under(x, y, box);
    if (op !== own.hovered) { own.hovered = op; marks(); }
    NP.tip(op < 0 ? null : NP.panels.told(op), event?.clientX, event?.clientY);
  };
  own.under = (x, y, box) => {
    const lane = NP.lanes.list[NP.lanes.list.length - 1 - Math.floor(y)];
    if (!lane) return -1;
    const row = NP.lanes.find(lane, x * NP.scale, 2 * (range.end - range.start) * NP.scale / box.width);
    return row < 0 ? -1 : lane.table.op[row];
  };
  own.choose = (op) => {
    own.chosen = op;
    marks();
    NP.panels.chose(op);
  };

  // --- where the picture is
  own.go = (start, end) => {
    const { limits } = own, spare = (limits.end - limits.start) / 50, least = 20 / NP.scale;
    const span = Math.min(Math.max(end - start, least), limits.end - limits.start + 2 * spare);
    const from = Math.min(Math.max(start, limits.start - spare), limits.end + spare - span);
    NP.range(range, from, from + span);
  };
  own.shift = (share) => own.go(range.start + share * (range.end - range.start), range.end +
    share * (range.end - range.start));
  own.zoom = (factor) => {
    const middle = (range.start + range.end) / 2, half = (range.end - range.start) * factor / 2;
    own.go(middle - half, middle + half);
  };
  own.all = () => own.go(own.limits.start, own.limits.end);
  // Brings an operation into the picture, near enough to be seen alone.
  own.jump = (op) => {
    const c = NP.columns, time = c["op.time"][op] / NP.scale, length = Math.max(c["op.length"][op], 1) / NP.scale;
    const span = range.end - range.start, wanted = Math.min(span, Math.max(length * 4, 400));
    if (time < range.start || time + length > range.end || span > wanted * 1.01 || length / span < 0.004) {
      own.go(time + length / 2 - wanted / 2, time + length / 2 + wanted / 2);
    }
    own.choose(op);
  };

  const legend = () => {
    const words = NP.at("colour").value === "family"
      ? NP.about.families.map((family) => [family, family === "suspend" ? "suspend, resume" : family])
      : [["first", "hits a cell for the first time in this run"], ["again", "hits cells again"],
        ["nocell", "in no cell"]];
    NP.at("legend").innerHTML = words.map(([name, text]) =>
      `<span><i style="background:var(--${name})"></i>${text}</span>`).join("") +
      `<span><i class="cut"></i>suspended</span><span>dark: ISSUE, pale: DATA_OUT or DATA_IN</span>`;
  };
  return own;
})();
