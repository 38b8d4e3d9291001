// "/" at the start of a line of a reply opens the canned answers. Comfort only: the link beside the
// buttons leads to a page that does the same.

const dialog = document.getElementById("picker");
const words = document.getElementById("picker-words");
const list = document.getElementById("picker-list");
const problem = document.getElementById("picker-problem");
let byKey = false;
// The list lags behind the words by a moment; Enter then waits for it.
let stale = false;
let wanted = false;

const reply = () => document.getElementById("reply-body");
const choices = () => [...list.querySelectorAll("button")];

function open(key) {
  byKey = key;
  words.value = "";
  problem.textContent = "";
  stale = true;
  wanted = false;
  list.replaceChildren();
  dialog.showModal();
  words.focus();
  words.dispatchEvent(new Event("opened"));
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key !== "/" || box !== reply() || event.ctrlKey || event.metaKey || event.altKey) return;
    const before = box.value.slice(0, box.selectionStart);
    if (before && !before.endsWith("\n")) return;
    event.preventDefault();
    open(true);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-answers]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(false);
  });
  // Whoever wanted a slash gets it, with what was typed behind it.
  dialog.addEventListener("cancel", () => {
    if (byKey) put(`/${words.value}`);
  });
  dialog.addEventListener("keydown", (event) => {
    const all = choices();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? all[at - 1] : words).focus();
    else if (event.key === "Enter" && at < 0 && stale) wanted = true;
    else if (event.key === "Enter" && at < 0) first();
    else return;
    event.preventDefault();
  });
  words.addEventListener("input", () => {
    stale = true;
    wanted = false;
  });
  list.addEventListener("htmx:afterSwap", () => {
    stale = false;
    if (wanted) first();
    wanted = false;
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-use]");
    if (chosen) use(chosen.dataset.use);
    const macro = event.target.closest("[data-macro]");
    if (macro) look(macro.dataset.macro);
  });
}

function first() {
  choices().find((one) => one.dataset.use || one.dataset.macro)?.click();
}

function put(text) {
  const box = reply();
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
}

// To a macro's preview, which reads the draft: what was typed is kept first.
async function look(address) {
  const box = reply();
  if (box.value !== box.defaultValue) {
    // Its buttons are called "action" too, so the address is read as written.
    const data = new FormData(box.form);
    data.set("action", "save_draft");
    try {
      const kept = await fetch(box.form.getAttribute("action"), { method: "POST", body: data });
      if (!kept.ok) throw new Error(kept.status);
    } catch {
      problem.textContent = dialog.dataset.failed;
      return;
    }
  }
  location.assign(address);
}

async function use(address) {
  const box = reply();
  const data = new FormData();
  data.set("before", box.value.slice(0, box.selectionStart));
  data.set("after", box.value.slice(box.selectionEnd));
  const token = box.form.querySelector("[name=csrfmiddlewaretoken]").value;
  let told = {};
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
    told = await answer.json();
  } catch {
    told = {};
  }
  if (told.body === undefined) {
    problem.textContent = told.problem || dialog.dataset.failed;
    return;
  }
  dialog.close();
  box.value = told.body;
  const cursor = told.body.length - told.cursor_from_end;
  box.focus();
  box.setSelectionRange(cursor, cursor);
}
