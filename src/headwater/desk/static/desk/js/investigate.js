// Comfort for Investigate: completion, Ctrl+Enter, Esc. The page works without it.

const form = document.querySelector("form[data-ask]");
const box = document.getElementById("sql");

// Ctrl/Cmd+Enter runs from anywhere in the form; Esc stops what runs.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  close();
  form.querySelector("[data-run]").click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !list.hidden) return;
  document.querySelector("[data-stop]")?.click();
});

// The words are fetched once, when somebody first types.
let words = null;
async function load() {
  if (words) return words;
  const answer = await fetch(form.dataset.words, { headers: { Accept: "application/json" } });
  words = await answer.json();
  return words;
}

const list = document.createElement("ul");
list.className = "complete";
list.id = "complete";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Completions");
box.parentElement.append(list);
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-controls", "complete");

let chosen = 0;
let found = [];

function close() {
  list.hidden = true;
  found = [];
  box.removeAttribute("aria-activedescendant");
}

// Text and comments are no place for names; a count of quotes is enough to know.
function inText(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return line.includes("--") || (before.match(/'/g) || []).length % 2 === 1;
}

// Tables named anywhere in the query, with their aliases: alias -> table.
function named(sql) {
  const aliases = new Map();
  const tables = words.tables;
  const pattern = /\b(?:from|join)\s+([a-z_]\w*)(?:\s+(?:as\s+)?([a-z_]\w*))?/gi;
  const taken = new Set(words.keywords.map((word) => word.toLowerCase()));
  for (const [, table, alias] of sql.matchAll(pattern)) {
    const name = table.toLowerCase();
    if (!tables[name]) continue;
    aliases.set(name, name);
    if (alias && !taken.has(alias.toLowerCase())) aliases.set(alias.toLowerCase(), name);
  }
  return aliases;
}

const columnsOf = (table) =>
  Object.entries(words.tables[table].columns).map(([name, kind]) => ({ text: name, about: kind }));

function candidates(before, sql) {
  const dotted = /([A-Za-z_]\w*)\.(\w*)$/.exec(before);
  const aliases = named(sql);
  if (dotted) {
    const table = aliases.get(dotted[1].toLowerCase());
    return { part: dotted[2], all: table ? columnsOf(table) : [] };
  }
  const part = /[A-Za-z_]\w*$/.exec(before)?.[0] ?? "";
  const tables = Object.keys(words.tables).map((name) => ({ text: name, about: "table" }));
  if (/\b(?:from|join)\s+\w*$/i.test(before)) return { part, all: tables };
  if (!part) return { part, all: [] };
  const columns = [...new Set(aliases.values())].flatMap(columnsOf);
  const functions = words.functions.map((name) => ({ text: name, about: "function", call: true }));
  const keywords = words.keywords.map((name) => ({ text: name, about: "" }));
  return { part, all: [...columns, ...keywords, ...functions, ...tables] };
}

async function offer(forced) {
  await load();
  // The words can come after the box was left: a list opened then would swallow Esc.
  if (document.activeElement !== box) return;
  const at = box.selectionStart;
  const before = box.value.slice(0, at);
  if (inText(before) || at !== box.selectionEnd) return close();
  const { part, all } = candidates(before, box.value);
  const wanted = part.toLowerCase();
  const seen = new Set();
  const fits = (one) => !seen.has(one.text) && seen.add(one.text);
  const starts = all.filter((one) => one.text.toLowerCase().startsWith(wanted) && fits(one));
  const holds = wanted.length > 2 ? all.filter((one) => one.text.toLowerCase().includes(wanted) && fits(one)) : [];
  found = [...starts, ...holds].slice(0, 40);
  const done = found.length === 1 && found[0].text.toLowerCase() === wanted;
  if (!found.length || done || (!forced && !part && !/[.]$|\b(from|join)\s$/i.test(before))) return close();
  chosen = 0;
  draw(before, part);
}

function draw(before, part) {
  list.replaceChildren(
    ...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `complete-${index}`;
      item.setAttribute("role", "option");
      item.append(one.text);
      const about = document.createElement("span");
      about.textContent = one.about;
      item.append(about);
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        chosen = index;
        accept();
      });
      return item;
    }),
  );
  place(before, part);
  list.hidden = false;
  mark();
}

// The editor's font has one width, so the caret's place is arithmetic.
function place(before, part) {
  const style = getComputedStyle(box);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const wide = pen.measureText("m").width;
  const rows = before.split("\n");
  const column = rows.at(-1).length - part.length;
  const left = parseFloat(style.paddingLeft) + column * wide - box.scrollLeft;
  const top = parseFloat(style.paddingTop) + rows.length * parseFloat(style.lineHeight) - box.scrollTop;
  list.style.left = `${Math.max(4, Math.min(left, box.clientWidth - 230))}px`;
  list.style.top = `${Math.min(top + 2, box.offsetHeight)}px`;
}

function mark() {
  [...list.children].forEach((item, index) => {
    item.setAttribute("aria-selected", String(index === chosen));
    if (index === chosen) item.scrollIntoView({ block: "nearest" });
  });
  box.setAttribute("aria-activedescendant", `complete-${chosen}`);
}

function accept() {
  const one = found[chosen];
  const at = box.selectionStart;
  const part = /\w*$/.exec(box.value.slice(0, at))[0];
  const text = one.call ? `${one.text}(` : one.text;
  box.focus();
  box.setRangeText(text, at - part.length, at, "end");
  close();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

box.addEventListener("input", (event) => {
  // What was just put in needs no completion of its own.
  if (event.isTrusted) offer(false);
});
box.addEventListener("keydown", (event) => {
  if (event.key === " " && event.ctrlKey) {
    event.preventDefault();
    offer(true);
    return;
  }
  if (list.hidden || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    mark();
  } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) {
    event.preventDefault();
    accept();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
    close();
  }
});
box.addEventListener("blur", close);
box.addEventListener("scroll", close);

// On a small window the result begins below the fold.
document.addEventListener("htmx:afterSettle", (event) => {
  const result = document.getElementById("result");
  if (event.detail.target !== result) return;
  if (result.getBoundingClientRect().top > innerHeight - 120) result.scrollIntoView();
});
