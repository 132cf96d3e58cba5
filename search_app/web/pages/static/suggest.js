// Suggestions while typing: the ARIA combobox pattern (list with manual selection) over the search field.
// Without this script the field is an ordinary search field; nothing else on the site needs it.
"use strict";

// Who comes back to a page that the browser has kept sees its forms as the page says them, not as they were left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) form.reset();
});

(() => {
  // Long enough that fast typing asks once, short enough to feel immediate.
  const PAUSE_MS = 120;
  const SHORTEST = 2;

  const field = document.getElementById("q");
  if (!field || !field.dataset.suggest) return;

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  field.after(list);

  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  list.after(status);

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  let timer = 0;
  let asked = null;
  let active = -1;

  // Nothing that was asked for opens the list any more.
  const stop = () => {
    clearTimeout(timer);
    if (asked) asked.abort();
  };

  const close = () => {
    stop();
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    status.textContent = "";
  };

  const activate = (place) => {
    const options = list.children;
    if (active >= 0) options[active].setAttribute("aria-selected", "false");
    active = place;
    if (active < 0) return field.removeAttribute("aria-activedescendant");
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[active].id);
  };

  // A word or a grantee changes the search and keeps the rest of it, which the form carries; a title is a page.
  const choose = (option) => {
    const { kind, text, url } = option.dataset;
    if (kind === "title") return window.location.assign(url);
    field.value = kind === "word" ? text : "";
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "hidden", name: "grantee", value: text });
    if (kind === "grantee") field.form.append(chosen);
    field.form.requestSubmit();
    chosen.remove();
  };

  const show = (completions) => {
    // An option of the list before, chosen while this one was on its way, is in it no more.
    activate(-1);
    list.replaceChildren(...completions.map((completion, place) => {
      const option = document.createElement("li");
      option.id = `suggestion-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      Object.assign(option.dataset, { url: completion.url, kind: completion.kind, text: completion.text });
      const text = document.createElement("span");
      text.dir = "auto";
      text.textContent = completion.text;
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = completion.kind === "word" ? completion.count.toLocaleString("en-US") : completion.kind;
      option.append(text, " ", kind);
      return option;
    }));
    list.hidden = completions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = completions.length ? `${completions.length} suggestion${completions.length === 1 ? "" : "s"}` : "";
  };

  const ask = async () => {
    stop();
    const typed = field.value.trim();
    if (typed.length < SHORTEST) return close();
    asked = new AbortController();
    try {
      const address = `${field.dataset.suggest}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { signal: asked.signal });
      // Without an answer there are none: those for what was typed before are no longer its.
      const completions = answer.ok ? (await answer.json()).completions : [];
      if (document.activeElement === field) show(completions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  field.addEventListener("input", () => {
    // What is typed counts, not the option that was active before.
    activate(-1);
    stop();
    timer = setTimeout(ask, PAUSE_MS);
  });

  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    // Keys of an input method choose its own candidates; with other keys held they are the browser's.
    // The key that ends a composition is no longer of it in Safari, and has this code there.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape") {
      // Some browsers empty a search field: what was typed stays.
      close();
    } else if (event.altKey) {
      if (event.key === "ArrowDown" && list.hidden) ask();
      else if (event.key === "ArrowUp" && !list.hidden) close();
      else return;
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      // The cursor moves in the text, and Enter searches for that.
      return activate(-1);
    } else if (event.key === "ArrowDown" && list.hidden) {
      ask();
    } else if (event.key === "ArrowDown") {
      activate(active === last ? -1 : active + 1);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      activate(active === -1 ? last : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      choose(list.children[active]);
    } else {
      return;
    }
    event.preventDefault();
  });

  // The press must not take the focus from the field, or the list would close before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  field.addEventListener("blur", close);
  // A page that the browser keeps is left with the field in focus: who comes back sees what the list would cover.
  window.addEventListener("pagehide", close);
})();
