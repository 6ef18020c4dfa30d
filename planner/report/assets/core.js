"use strict";
// What all parts of the page share: the columns, numbers as words, colours, Bokeh's models.
const NP = { columns: {}, about: {}, ready: false };
window.NP = NP;

NP.at = (id) => document.getElementById(id);

NP.inflated = async (id) => {
  const text = atob(NP.at(id).textContent);
  NP.at(id).textContent = "";
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const KINDS = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array,
  f8: Float64Array };

// One column: its bytes lie plane by plane; a delta column holds differences.
NP.unpacked = (raw, head) => {
  const kind = KINDS[head.kind], width = kind.BYTES_PER_ELEMENT, length = head.length;
  const bytes = new Uint8Array(length * width);
  for (let k = 0; k < width; k++) {
    const from = head.at + k * length;
    for (let i = 0; i < length; i++) bytes[i * width + k] = raw[from + i];
  }
  const values = new kind(bytes.buffer);
  if (!head.delta) return values;
  const sums = new Float64Array(length);
  let sum = 0;
  for (let i = 0; i < length; i++) sums[i] = sum += values[i];
  return sums;
};

NP.load = async () => {
  const [about, raw] = await Promise.all([NP.inflated("about"), NP.inflated("columns")]);
  NP.about = JSON.parse(new TextDecoder().decode(about));
  for (const [name, head] of Object.entries(NP.about.columns)) NP.columns[name] = NP.unpacked(raw, head);
  NP.scale = 10 ** NP.about.decimals;
};

// The first place in `count` at which `yes` holds; `yes` holds from some place on.
NP.first = (count, yes) => {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (yes(middle)) high = middle; else low = middle + 1;
  }
  return low;
};

NP.counted = (number) => Math.round(number).toLocaleString("en-US");
NP.us = (ticks) => {
  const sign = ticks < 0 ? "-" : "", whole = Math.floor(Math.abs(ticks) / NP.scale), part = Math.abs(ticks) % NP.scale;
  const decimals = NP.about.decimals ? "." + String(part).padStart(NP.about.decimals, "0") : "";
  return sign + whole.toLocaleString("en-US") + decimals;
};
NP.escaped = (text) => String(text).replace(/[&<>"]/g, (c) =>
  ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]));

// Colours are written once, in the style sheet, for light and dark.
// Asking the style sheet is slow, so each is asked for once until the theme changes.
const asked = new Map();
NP.colour = (name) => {
  let found = asked.get(name);
  if (!found) asked.set(name, found = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim());
  return found;
};
NP.forgetColours = () => asked.clear();
NP.packed = (hex, alpha = 1) => {
  const value = parseInt(hex.slice(1), 16);
  const red = value >> 16, green = (value >> 8) & 255, blue = value & 255;
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};
NP.blended = (from, to, share) => {
  const a = parseInt(from.slice(1), 16), b = parseInt(to.slice(1), 16);
  const part = (shift) => Math.round(((a >> shift) & 255) * (1 - share) + ((b >> shift) & 255) * share) << shift;
  return "#" + (part(16) | part(8) | part(0)).toString(16).padStart(6, "0");
};

// A figure of the page: its document, its models by name.
NP.figures = {};
NP.show = async (name) => {
  const item = NP.items[name];
  await Bokeh.embed.embed_item(item, name);
  const [root] = Bokeh.documents[Bokeh.documents.length - 1].roots();
  NP.figures[name] = { all: [...root.references()] };
  NP.dress(NP.figures[name]);
  return NP.figures[name];
};
const named = (figure, type, name) => {
  const found = NP.figures[figure].all.find((model) => model.type === type && model.name === name);
  if (!found) throw new Error(`no ${type} ${name} in ${figure}`);
  return found;
};
NP.source = (figure, name) => named(figure, "ColumnDataSource", name);
NP.glyph = (figure, name) => named(figure, "GlyphRenderer", name).glyph;
NP.plot = (figure, name = figure) => named(figure, "Figure", name);
// The axis whose ticks have a name: what is written at which place.
NP.rows = (figure, name, places) => {
  const axis = NP.figures[figure].all.find((model) => model.type === "LinearAxis" && model.ticker.name === name);
  axis.major_label_overrides = new Map(places);
  axis.ticker.ticks = places.map(([place]) => place);
};
NP.setImage = (figure, name, pixels, columns, rows, x, y, dw, dh) => {
  const source = NP.source(figure, name);
  const kind = source.data.image[0].constructor;
  source.data = { image: [new kind(pixels.buffer, [rows, columns])], x: [x], y: [y], dw: [dw], dh: [dh] };
};
NP.range = (range, start, end) => range.setv({ start, end });

// Axis, grid and text colours of a figure follow the style sheet.
NP.dress = (figure) => {
  const ink = NP.colour("ink"), soft = NP.colour("soft"), line = NP.colour("line");
  for (const model of figure.all) {
    if (/Axis$/.test(model.type)) {
      model.setv({ axis_label_text_color: soft, major_label_text_color: ink, major_tick_line_color: line,
        axis_label_text_font_style: "normal", axis_label_text_font_size: "11px", major_label_text_font_size: "11px" });
    } else if (model.type === "Figure") {
      model.setv({ border_fill_color: NP.colour("paper"), background_fill_color: NP.colour("paper") });
    } else if (model.type === "Grid") model.setv({ grid_line_color: model.grid_line_color === null ? null : line });
    else if (model.name === "window") {
      model.setv({ fill_color: NP.colour("accent"), fill_alpha: 0.12, line_color: NP.colour("accent"),
        line_alpha: 0.9 });
    }
  }
};

// The tip beside the pointer.
NP.tip = (html, x, y) => {
  const tip = NP.at("tip");
  if (html === null) { tip.hidden = true; return; }
  tip.innerHTML = html;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 8)) + "px";
  tip.style.top = (y + 18 + box.height > innerHeight ? Math.max(4, y - box.height - 12) : y + 18) + "px";
};

// Calls `hear(x, y, event)` in data coordinates while the pointer is over a plot, `hear(null)` when it leaves.
NP.pointer = (figure, name, kind, hear) => {
  const place = NP.at(figure);
  place.addEventListener(kind, (event) => {
    const view = NP.view(figure, name);
    if (!view) return;
    const box = view.box;
    const x = event.clientX - box.left, y = event.clientY - box.top;
    if (x < 0 || y < 0 || x > box.width || y > box.height) { hear(null); return; }
    const { x_range, y_range } = view.model;
    hear(x_range.start + x / box.width * (x_range.end - x_range.start),
      y_range.end - y / box.height * (y_range.end - y_range.start), event, box);
  });
  if (kind === "mousemove") place.addEventListener("mouseleave", () => hear(null));
};
// The inner frame of a plot within its figure.
NP.frame = (figure, name = figure) => Bokeh.index.find_one(NP.plot(figure, name))?.frame.bbox;
// The inner frame of a plot on the screen.
NP.view = (figure, name = figure) => {
  const model = NP.plot(figure, name);
  const view = Bokeh.index.find_one(model);
  if (!view) return null;
  const outer = view.el.getBoundingClientRect(), frame = view.frame.bbox;
  return { model, box: { left: outer.left + frame.left, top: outer.top + frame.top, width: frame.width,
    height: frame.height } };
};

NP.failed = (error) => {
  NP.at("broken").textContent = `This page could not be shown: ${error.message ?? error}. ` +
    "It needs a browser of 2023 or later.";
  NP.at("broken").hidden = false;
  console.error(error);
};
