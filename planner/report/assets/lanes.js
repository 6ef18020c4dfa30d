"use strict";
// The lanes of the timeline, and what lies in them between two times. Times in ticks.
NP.lanes = (() => {
  const own = { list: [], gapsOf: new Map() };

  const table = (name) => {
    const c = NP.columns, start = c[name + ".start"], length = c[name + ".length"];
    const end = new Float64Array(start.length);
    for (let i = 0; i < end.length; i++) end[i] = start[i] + length[i];
    return { start, end, op: c[name + ".op"], die: c[name + ".die"], mask: c[name + ".mask"],
      state: c[name + ".state"] };
  };

  // A lane: rows of a table in order of start. `latest[i]` is the latest end among rows 0..i.
  const lane = (key, from, rows, gaps) => {
    const latest = new Float64Array(rows.length);
    let most = -Infinity;
    for (let i = 0; i < rows.length; i++) latest[i] = most = Math.max(most, from.end[rows[i]]);
    return { key, table: from, rows, latest, gaps };
  };

  const chosen = (from, yes) => {
    let count = 0;
    for (let i = 0; i < from.start.length; i++) if (yes(i)) count++;
    const rows = new Int32Array(count);
    for (let i = 0, k = 0; i < from.start.length; i++) if (yes(i)) rows[k++] = i;
    return rows;
  };

  own.build = () => {
    const held = own.held = table("held"), spread = own.spread = table("spread");
    const bus = own.bus = table("bus"), gap = own.gap = table("gap");
    const none = lane("", gap, new Int32Array(0));
    const all = new Map([["bus", lane("bus", bus, chosen(bus, () => true), none)]]);
    for (const die of NP.about.dies) {
      all.set("d" + die, lane("d" + die, spread, chosen(spread, (i) => spread.die[i] === die), none));
      for (let plane = 0; plane < NP.about.planes; plane++) {
        const key = `d${die}-p${plane}`, bit = 1 << plane;
        const cut = lane(key, gap, chosen(gap, (i) => gap.die[i] === die && (gap.mask[i] & bit) !== 0));
        all.set(key, lane(key, held, chosen(held, (i) => held.die[i] === die && (held.mask[i] & bit) !== 0), cut));
      }
    }
    own.list = NP.about.lanes.map((key) => all.get(key));
    own.list.forEach((lane_, at) => { lane_.y = own.list.length - 1 - at; });
    own.ofOp = { held: grouped(held.op), gap: grouped(gap.op), spread: grouped(spread.op), bus: grouped(bus.op) };
  };

  // Rows of each operation: `rows` from first[op] to first[op + 1].
  const grouped = (ops) => {
    const count = NP.columns["op.time"].length, first = new Int32Array(count + 1);
    for (const op of ops) if (op >= 0) first[op + 1]++;
    for (let i = 0; i < count; i++) first[i + 1] += first[i];
    const next = first.slice(), rows = new Int32Array(ops.length);
    for (let i = 0; i < ops.length; i++) if (ops[i] >= 0) rows[next[ops[i]]++] = i;
    return { first, rows };
  };
  own.rowsOf = (kind, op) => {
    const { first, rows } = own.ofOp[kind];
    return rows.subarray(first[op], first[op + 1]);
  };

  // The part of a lane's rows that may be seen between two times: [from, to).
  own.between = (lane_, start, end) => {
    const { table: t, rows, latest } = lane_;
    return [NP.first(rows.length, (i) => latest[i] > start), NP.first(rows.length, (i) => t.start[rows[i]] >= end)];
  };
  own.countBetween = (start, end) => {
    let count = 0;
    for (const lane_ of own.list) {
      const [from, to] = own.between(lane_, start, end);
      count += Math.max(0, to - from);
    }
    return count;
  };

  // What is at a time in a lane: the shortest that covers it within a tolerance; -1 for nothing.
  own.find = (lane_, time, tolerance) => {
    const [from, to] = own.between(lane_, time - tolerance, time + tolerance + 1);
    let best = -1, least = Infinity;
    for (let i = from; i < to; i++) {
      const row = lane_.rows[i], t = lane_.table;
      if (t.end[row] < time - tolerance || t.start[row] > time + tolerance) continue;
      const away = Math.max(0, t.start[row] - time, time - t.end[row]);
      const worth = away * 1e6 + (t.end[row] - t.start[row]);
      if (worth < least) { least = worth; best = row; }
    }
    return best;
  };

  // Busy ticks by kind in each of `count` buckets of `width` ticks from `start` on: sums[bucket * kinds + kind].
  own.busy = (lane_, start, width, count, kindOf, kinds) => {
    const sums = new Float32Array(count * kinds), t = lane_.table, rows = lane_.rows;
    const [from, to] = own.between(lane_, start, start + width * count);
    for (let i = from; i < to; i++) {
      const row = rows[i], kind = t.op[row] < 0 ? 0 : kindOf[t.op[row]];
      const begin = Math.max(0, (t.start[row] - start) / width), end = Math.min(count, (t.end[row] - start) / width);
      let bucket = Math.floor(begin);
      const last = Math.min(count - 1, Math.floor(end));
      if (bucket === last) { sums[bucket * kinds + kind] += end - begin; continue; }
      sums[bucket * kinds + kind] += bucket + 1 - begin;
      for (bucket++; bucket < last; bucket++) sums[bucket * kinds + kind] += 1;
      if (last > begin) sums[last * kinds + kind] += end - last;
    }
    return sums;
  };
  return own;
})();
