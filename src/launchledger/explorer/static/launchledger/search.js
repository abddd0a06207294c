// The search in the header as you type: a combobox by the pattern of WAI-ARIA, filled from the page of the search.
// Without this script the form leads to that page.
const LEAST = 3, MOST = 8, OF_KIND = 4, PAUSE = 150; // characters, options in all and of a kind, milliseconds without a key

for (const input of document.querySelectorAll("input[data-find]")) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  list.hidden = true;
  form.append(list);
  const told = document.createElement("span");
  told.className = "unseen";
  told.setAttribute("role", "status");
  form.append(told);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

  let timer = 0, asked = null, chosen = -1;
  const options = () => [...list.children];

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const all = options();
    if (!all.length) return;
    chosen = place < -1 ? all.length - 1 : place >= all.length ? -1 : place;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  };

  const show = (page) => {
    const kinds = [...page.querySelectorAll("#results .hits")].map((hits) => [...hits.querySelectorAll("a")].slice(0, OF_KIND));
    const links = kinds.flat().slice(0, MOST);
    list.replaceChildren(...links.map((link, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.address = link.getAttribute("href");
      option.append(link.textContent);
      const kind = document.createElement("small");
      const date = link.parentElement.querySelector("small")?.textContent;
      kind.textContent = [link.closest("section").querySelector("h2").textContent, date].filter(Boolean).join(", ");
      option.append(kind);
      return option;
    }));
    chosen = -1;
    list.hidden = !links.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    told.textContent = links.length ? `${links.length} found` : "Nothing found";
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < LEAST) return close();
    asked = new AbortController();
    try {
      const reply = await fetch(`${form.action}?${new URLSearchParams({ q: text })}`, { signal: asked.signal });
      if (reply.ok) show(new DOMParser().parseFromString(await reply.text(), "text/html"));
      else close();
    } catch {
      // Another letter came before the reply, or there is no network: the form still works.
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.address);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 200)); // after a click on an option
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    location.assign(option.dataset.address);
  });
}
