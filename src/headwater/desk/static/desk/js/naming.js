// After an @ in a note: the names of colleagues to choose from, by mouse or keyboard.

const box = document.querySelector("textarea[data-names]");
let names = null;
let list = null;
let chosen = 0;

function begun() {
  const before = box.value.slice(0, box.selectionStart);
  const match = /(?:^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(before);
  return match && match[1];
}

async function offer() {
  const word = begun();
  if (word === null) return close();
  names ??= (await (await fetch(box.dataset.names)).json()).names;
  const fitting = names.filter((one) => one.toLowerCase().startsWith(word.toLowerCase())).slice(0, 8);
  if (!fitting.length || fitting[0].toLowerCase() === word.toLowerCase()) return close();
  show(fitting);
}

function show(fitting) {
  close();
  list = document.createElement("ul");
  list.id = "names";
  list.className = "names";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.getAttribute("placeholder"));
  fitting.forEach((name, at) => {
    const one = document.createElement("li");
    one.id = `name-${at}`;
    one.setAttribute("role", "option");
    one.textContent = name;
    one.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(name);
    });
    list.append(one);
  });
  box.before(list);
  box.setAttribute("aria-controls", "names");
  mark(0);
}

function mark(at) {
  const options = [...list.children];
  chosen = (at + options.length) % options.length;
  options.forEach((one, place) => one.setAttribute("aria-selected", String(place === chosen)));
  box.setAttribute("aria-activedescendant", options[chosen].id);
}

function take(name) {
  const end = box.selectionStart;
  const start = end - begun().length;
  box.setRangeText(`${name} `, start, end, "end");
  close();
}

function close() {
  list?.remove();
  list = null;
  box.removeAttribute("aria-controls");
  box.removeAttribute("aria-activedescendant");
}

if (box) {
  box.addEventListener("input", () => offer().catch(close));
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (!list || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(chosen + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
