"use strict";
(async () => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const labels = JSON.parse(byId("labels").textContent);
  const say = (key, values = {}) => labels.words[key].split(" | ").at(values.n === "1" ? 0 : -1).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };

  // numbers, as the page writes them
  const grouped = (value, places = 0) => {
    const [whole, part] = Math.abs(value).toFixed(places).split(".");
    const text = whole.replace(/\B(?=(\d{3})+$)/g, labels.group) + (part ? labels.decimal + part : "");
    return (value < 0 && /[1-9]/.test(text) ? "\u2212" : "") + text;
  };
  const trimmed = (value) => (Number.isInteger(value) ? grouped(value) : grouped(value, 1));
  const money = (value) => labels.money.replace("{n}", () => (Number.isInteger(value) ? grouped(value) : grouped(value, 2)));

  // the parcel: dictionary-encoded columns, see explorer.py
  const unpack = async (text) => {
    const letters = atob(text);
    const packed = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at++) packed[at] = letters.charCodeAt(at);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const size = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
    const columns = {};
    for (const [name, spec] of Object.entries(header.columns)) {
      let cached = null;
      const codes = () => {
        if (cached) return cached;
        const start = 4 + size + spec.at;
        if (spec.width === 1) return (cached = bytes.subarray(start, start + spec.n));
        cached = spec.width === 2 ? new Uint16Array(spec.n) : new Uint32Array(spec.n);
        for (let place = spec.width - 1; place >= 0; place--) {
          const at = start + place * spec.n;
          for (let row = 0; row < spec.n; row++) cached[row] = cached[row] * 256 + bytes[at + row];
        }
        return cached;
      };
      columns[name] = {
        ...spec,
        codes,
        text: (row) => spec.texts[codes()[row]],
        value: (row) => (codes()[row] ? Number(((codes()[row] - 1) / spec.scale + spec.low).toFixed(2)) : null),
      };
    }
    return { header, columns };
  };

  // state lives in the fragment: #tasks?quadrant=of&level=hi&sort=-cost&page=2&open=17
  const sets = ["quadrant", "level", "changed", "conflict"];
  const state = { quadrant: new Set(), level: new Set(), changed: new Set(), conflict: new Set(), q: "", function: "", sort: "", page: 1, open: "", view: "all" };
  const read = (query) => {
    const wanted = new URLSearchParams(query);
    for (const name of sets) state[name] = new Set((wanted.get(name) ?? "").split(",").filter(Boolean));
    for (const name of ["q", "function", "sort", "open"]) state[name] = wanted.get(name) ?? "";
    state.page = Math.max(1, Number.parseInt(wanted.get("page") ?? "1", 10) || 1);
    state.view = wanted.get("view") ?? "all";
  };
  const query = () => {
    const parts = new URLSearchParams();
    if (state.view !== "all") parts.set("view", state.view);
    if (state.q) parts.set("q", state.q);
    for (const name of sets) if (state[name].size) parts.set(name, [...state[name]].sort().join(","));
    for (const name of ["function", "sort", "open"]) if (state[name]) parts.set(name, state[name]);
    if (state.page > 1) parts.set("page", state.page);
    return parts.toString().replaceAll("%2C", ",");
  };
  const keep = (section = "tasks") => {
    const text = query();
    history.replaceState(null, "", `#${section}${text ? `?${text}` : ""}`);
  };

  for (const node of all(".scripted")) node.hidden = false;
  for (const link of all("a[data-state]")) link.setAttribute("href", `#tasks?${link.dataset.state}`);

  let parcel;
  try {
    parcel = await unpack(byId("parcel").textContent.trim());
  } catch {
    byId("status").textContent = say("tasks.unreadable");
    for (const node of all(".tools, .pager")) node.hidden = true;
    return;
  }
  const { header, columns } = parcel;
  const size = 50;
  const levelOf = Object.fromEntries(labels.levels.map((level) => [level.code, level]));

  // filtering: one pass over codes; a search is answered per dictionary entry, once
  const searched = ["name", "task_id", "provider", "place", "function", "owner", "risks"];
  const lowered = {};
  const hits = (name, words) => {
    lowered[name] ??= columns[name].texts.map((text) => text.toLocaleLowerCase());
    return lowered[name].map((text) => words.map((word) => text.includes(word)));
  };
  const coded = (name, wanted) => {
    const mask = new Uint8Array(columns[name].texts.length);
    columns[name].texts.forEach((text, code) => (mask[code] = wanted(text) ? 1 : 0));
    return mask;
  };
  const matcher = () => {
    const tests = [];
    const choose = (name, wanted) => {
      const mask = coded(name, wanted);
      const codes = columns[name].codes();
      tests.push((row) => mask[codes[row]]);
    };
    if (state.quadrant.size) choose("quadrant", (text) => state.quadrant.has(text));
    if (state.level.size) choose("level", (text) => state.level.has(text));
    if (state.changed.size) choose("changed", (text) => text !== "");
    if (state.function) choose("function", (text) => text === state.function);
    if (state.conflict.size) {
      const codes = columns.conflict.codes();
      tests.push((row) => codes[row]);
    }
    const words = state.q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) {
      const found = searched.map((name) => [columns[name].codes(), hits(name, words)]);
      const each = words.map((_, at) => found.map(([codes, answers]) => [codes, Uint8Array.from(answers, (answer) => answer[at])]));
      tests.push((row) => each.every((word) => word.some(([codes, mask]) => mask[codes[row]])));
    }
    return (row) => tests.every((test) => test(row));
  };
  const orders = {};
  const order = () => {
    if (!state.sort) return columns.order.codes();
    if (orders[state.sort]) return orders[state.sort];
    const down = state.sort.startsWith("-");
    const name = down ? state.sort.slice(1) : state.sort;
    if (!columns[name]) return columns.order.codes();
    let ranks = columns[name].codes();
    if (name === "level") ranks = Uint8Array.from(ranks, (code) => ({ hi: 1, me: 2, na: 3, lo: 4 })[columns.level.texts[code]] ?? 0);
    if (name === "quadrant") ranks = Uint8Array.from(ranks, (code) => 1 + ["io", "oo", "if", "of", "un"].indexOf(columns.quadrant.texts[code]));
    const blank = columns[name].texts ? columns[name].texts.indexOf("") : 0;
    const known = name === "level" || name === "quadrant" ? (row) => ranks[row] > 0 : (row) => ranks[row] !== blank;
    const rows = Uint32Array.from(columns.order.codes());
    rows.sort((a, b) => {
      const sides = known(b) - known(a);
      return sides || (down ? ranks[b] - ranks[a] : ranks[a] - ranks[b]);
    });
    return (orders[state.sort] = rows);
  };

  // one task's ledger, its sentences rebuilt from codes
  const starts = {};
  const slice = (name, row) => {
    if (!starts[name]) {
      const counts = columns[`${name}_n`].codes();
      starts[name] = new Uint32Array(counts.length + 1);
      for (let at = 0; at < counts.length; at++) starts[name][at + 1] = starts[name][at] + counts[at];
    }
    return [starts[name][row], starts[name][row + 1]];
  };
  const badge = (code) => {
    const level = levelOf[code];
    return level ? make("span", { class: `level t-${code}` }, make("span", { "aria-hidden": "true" }, level.shape), ` ${level.word}`) : "";
  };
  const addressed = (text, row) => text.replaceAll("\u0001", String(columns.row.value_(row)));
  const cellOf = (field, row) => {
    const sheet = columns.sheet.text(row);
    const letter = header.letters[sheet]?.[field];
    return letter ? `${sheet}!${letter}${columns.row.value_(row)}` : "";
  };
  columns.row.value_ = (row) => columns.row.codes()[row];
  const sentence = (line, value) => {
    const [, rule, kind, field, , , because] = line;
    if (because) return because.replaceAll("{value}", value || "–");
    if (kind === "base") return say("tasks.base");
    const title = field ? (header.fields[field] ?? field.replaceAll("_", " ")) : rule.replaceAll("-", " ");
    return value ? `${title}: ${value}` : title;
  };
  const effect = (line) => {
    const [, , kind, , points, credit] = line;
    if (credit) return `−${trimmed(Math.round(credit * 1000) / 10)}\u00a0%`;
    if (kind === "base") return trimmed(points);
    if (points) return `${points > 0 ? "+" : "−"}${trimmed(Math.abs(points))}`;
    return "";
  };
  const lineNode = (line, value, row) => {
    const kind = labels.words[`kind.${line[2].replaceAll(" ", "_")}`] ?? line[2];
    const cell = line[3] ? cellOf(line[3], row) : "";
    return make("li", {}, make("span", { class: "faint" }, kind), make("span", {}, sentence(line, value), cell ? " " : "", cell ? make("code", {}, cell) : ""), make("span", {}, effect(line)));
  };
  const riskNode = (score, lines, row) => {
    const [risk, inherent, residual, severity, known, fields, provisional, said] = score;
    const result = inherent === null ? "" : say("tasks.result", { inherent, residual });
    const coverage = fields ? say("tasks.coverage", { known, fields }) + (provisional ? `, ${say("tasks.provisional")}` : "") : "";
    return make("div", { class: "risk-part" },
      make("h4", {}, header.titles[risk] ?? risk, badge(severity), make("span", { class: "faint" }, [result, coverage].filter(Boolean).join(" · "))),
      said ? make("p", {}, said) : "",
      lines.length ? make("ul", {}, ...lines.map(([line, value]) => lineNode(line, value, row))) : "");
  };
  const ledger = (row) => {
    const [first, last] = slice("scores", row);
    const scores = [...columns.scores.codes().subarray(first, last)].map((code) => header.scores[code]);
    const [from, to] = slice("lines", row);
    const lines = [];
    for (let at = from; at < to; at++) lines.push([header.lines[columns.lines.codes()[at]], columns.values.text(at)]);
    const facts = [
      columns.outside.text(row) && say("tasks.not_in_totals", { why: columns.outside.text(row) }),
      columns.not_assessed.text(row) && say("tasks.not_assessed", { risks: columns.not_assessed.text(row) }),
      columns.could_move_to.text(row) && `${say("tasks.could_move")}: ${columns.could_move_to.text(row)}`,
      columns.changed.text(row) && `${say("tasks.changed")}: ${addressed(columns.changed.text(row), row)}`,
      columns.decision.text(row) && `${say("tasks.decision")}: ${columns.decision.text(row)}`,
    ].filter(Boolean);
    return make("div", { class: "parts" },
      make("div", {},
        make("h3", {}, say("tasks.placed_because")),
        make("p", {}, addressed(columns.why.text(row), row)),
        make("p", { class: "faint" }, labels.confidence[columns.confidence.text(row)] ?? "", " · ", make("code", {}, `${columns.sheet.text(row)}!${columns.row.value_(row)}`)),
        ...facts.map((fact) => make("p", {}, fact))),
      make("div", {},
        ...(scores.length ? scores.map((score) => riskNode(score, lines.filter(([line]) => line[0] === score[0]), row)) : [make("p", {}, say("tasks.no_risk"))]),
        header.cut && !lines.length ? make("p", { class: "faint" }, say("tasks.ledger_cut")) : ""));
  };

  // the table
  const body = byId("explorer").tBodies[0];
  const keyOf = (row) => String(columns.key.codes()[row]);
  const rowNodes = (row) => {
    const open = state.open === keyOf(row);
    const id = `task-${keyOf(row)}`;
    const note = [columns.task_id.text(row), columns.function.text(row)].filter(Boolean).join(" · ");
    const name = columns.name.text(row) || say("tasks.unnamed");
    const button = make("button", { type: "button", class: "open", "aria-expanded": String(open), "aria-controls": open ? id : null, "data-key": keyOf(row) }, name);
    const quadrant = columns.quadrant.text(row);
    const fte = columns.fte.value(row);
    const cost = columns.cost.value(row);
    const place = columns.place.text(row);
    const nodes = [make("tr", {},
      make("th", { scope: "row" }, button, note ? make("small", {}, note) : ""),
      make("td", {}, make("span", { class: `tag q-${quadrant}` }, labels.quadrants[quadrant])),
      make("td", {}, badge(columns.level.text(row))),
      make("td", { "data-label": say("tasks.provider") }, columns.provider.text(row), place ? make("small", {}, place) : ""),
      make("td", { class: "n", "data-label": say("tasks.fte") }, fte === null ? "–" : trimmed(fte)),
      make("td", { class: "n nowrap", "data-label": say("tasks.spend") }, cost === null ? "–" : money(cost)),
      make("td", { class: "why" }, columns.risks.text(row) || addressed(columns.why.text(row), row)))];
    if (open) nodes.push(make("tr", { class: "ledger", id }, make("td", { colspan: "7" }, ledger(row))));
    return nodes;
  };
  let shown = [];
  const draw = () => {
    const pages = Math.max(1, Math.ceil(shown.length / size));
    state.page = Math.min(state.page, pages);
    const from = (state.page - 1) * size;
    const rows = [...shown.slice(from, from + size)];
    body.replaceChildren(...rows.flatMap(rowNodes));
    byId("page").textContent = shown.length ? say("tasks.page", { from: grouped(from + 1), to: grouped(from + rows.length), n: grouped(shown.length) }) : "";
    byId("prev").disabled = state.page <= 1;
    byId("next").disabled = state.page >= pages;
    byId("status").textContent = shown.length ? say("tasks.count", { n: grouped(shown.length), total: grouped(header.total) }) : say("tasks.none");
  };
  const filter = () => {
    const fits = matcher();
    shown = order().filter(fits);
    if (state.open) {
      const at = shown.findIndex((row) => keyOf(row) === state.open);
      if (at >= 0) state.page = 1 + Math.floor(at / size);
    }
  };
  const controls = () => {
    for (const chip of all(".chip")) chip.setAttribute("aria-pressed", String(state[chip.dataset.filter].has(chip.value)));
    for (const button of all("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
    if (byId("q").value !== state.q) byId("q").value = state.q;
    if (byId("function")) byId("function").value = state.function;
    for (const head of all("#explorer th[data-sort]")) {
      const name = head.dataset.sort;
      const way = state.sort === name ? "ascending" : state.sort === `-${name}` ? "descending" : null;
      if (way) head.setAttribute("aria-sort", way);
      else head.removeAttribute("aria-sort");
    }
    for (const cell of all(".cell")) {
      const code = cell.dataset.state.split("=")[1];
      if (state.quadrant.size === 1 && state.quadrant.has(code)) cell.setAttribute("aria-current", "true");
      else cell.removeAttribute("aria-current");
    }
  };

  // a reader's view hides sections; a quadrant also narrows the lists above
  const bar = make("div", { class: "filtered", role: "status", hidden: "" }, make("span"), make("button", { type: "button" }, say("tasks.clear")));
  document.querySelector(".toc").after(bar);
  const narrow = () => {
    for (const section of all("section[data-for]")) section.hidden = state.view !== "all" && !section.dataset.for.split(" ").includes(state.view);
    for (const link of all(".toc ul a")) link.parentElement.hidden = byId(link.getAttribute("href").slice(1).split("?")[0])?.hidden ?? false;
    for (const row of all("tr[data-quadrant]")) row.hidden = state.quadrant.size > 0 && !state.quadrant.has(row.dataset.quadrant);
    const parts = [...state.quadrant].map((code) => labels.quadrants[code] ?? code);
    if (state.view !== "all") parts.unshift(say(`views.${state.view}`));
    bar.hidden = parts.length === 0;
    bar.firstChild.textContent = parts.length ? say("tasks.filtered", { what: parts.join(", ") }) : "";
  };
  const show = () => {
    controls();
    narrow();
    filter();
    draw();
  };
  const change = (section) => {
    state.page = 1;
    state.open = "";
    show();
    keep(section);
  };
  const clear = () => {
    read("");
    change();
  };

  for (const head of all("#explorer th[data-sort]")) {
    const button = make("button", { type: "button", "aria-label": say("tasks.sort", { column: head.textContent }) }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const name = head.dataset.sort;
      const down = ["fte", "cost"].includes(name);
      const ways = down ? [`-${name}`, name, ""] : [name, `-${name}`, ""];
      state.sort = ways[(ways.indexOf(state.sort) + 1) % 3];
      change();
    });
  }
  for (const chip of all(".chip")) {
    chip.addEventListener("click", () => {
      const chosen = state[chip.dataset.filter];
      if (!chosen.delete(chip.value)) chosen.add(chip.value);
      change();
    });
  }
  for (const button of all("[data-view]")) {
    button.addEventListener("click", () => {
      state.view = button.dataset.view;
      change("quadrants");
    });
  }
  let waiting = 0;
  const search = () => {
    clearTimeout(waiting);
    state.q = byId("q").value;
    change();
  };
  byId("q").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, header.shown > 20000 ? 120 : 0);
  });
  byId("q").addEventListener("change", search);
  byId("function")?.addEventListener("change", () => {
    state.function = byId("function").value;
    change();
  });
  byId("clear").addEventListener("click", clear);
  bar.lastChild.addEventListener("click", clear);
  const turn = (by) => {
    state.page += by;
    state.open = "";
    draw();
    keep();
    byId("tasks").scrollIntoView();
  };
  byId("prev").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  body.addEventListener("click", (event) => {
    const key = event.target.closest(".open")?.dataset.key;
    if (key === undefined) return;
    state.open = state.open === key ? "" : key;
    draw();
    keep();
    body.querySelector(`[data-key="${key}"]`).focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement?.closest(".tip")?.classList.add("closed");
  });
  addEventListener("focusin", (event) => event.target.closest?.(".tip")?.classList.remove("closed"));

  // copying: a text that a spreadsheet would take for a formula gets an apostrophe in front
  const quoted = (value) => {
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const csv = () => {
    const head = ["id", "task", "function", "quadrant", "confidence", "risk", "risks", "provider", "place", "fte", "spend", "why", "cell"].map((key) => say(`tasks.${key}`));
    const lines = [...shown].map((row) => [
      columns.task_id.text(row), columns.name.text(row), columns.function.text(row), labels.quadrants[columns.quadrant.text(row)],
      columns.confidence.text(row), levelOf[columns.level.text(row)]?.word ?? "", columns.risks.text(row), columns.provider.text(row), columns.place.text(row),
    ].map(quoted).concat([columns.fte.value(row) ?? "", columns.cost.value(row) ?? ""].map(String), [addressed(columns.why.text(row), row), `${columns.sheet.text(row)}!${columns.row.value_(row)}`].map(quoted)).join(","));
    return [head.map(quoted).join(","), ...lines].join("\r\n") + "\r\n";
  };
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", { "aria-hidden": "true", tabindex: "-1", class: "unseen" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };
  byId("copy").addEventListener("click", async () => {
    const done = await copied(csv());
    byId("status").textContent = done ? say("tasks.copied", { n: grouped(shown.length) }) : say("tasks.copy_failed");
    byId("copy").focus();
  });

  const follow = () => {
    const [section, wanted] = decodeURI(location.hash.slice(1)).split(/\?(.*)/s);
    if (wanted === undefined && !["", "tasks"].includes(section)) return;
    if (wanted === undefined && section === "tasks") return;
    const view = state.view;
    read(wanted ?? "");
    if (!new URLSearchParams(wanted).has("view") && section === "tasks") state.view = view;
    show();
    const target = state.open ? (body.querySelector(`[data-key="${CSS.escape(state.open)}"]`) ?? byId("tasks")) : byId(section);
    if (!section) return;
    target?.scrollIntoView();
    if (state.open) target?.focus();
  };
  addEventListener("hashchange", follow);
  show();
  follow();
  document.documentElement.dataset.ready = "true";
  performance.mark("usable");
})();
