// Suggests objects by their names in the fields that lead to another object. Without this script a name, or an id, is typed whole.
const LEAST = 2, PAUSE = 150; // characters, milliseconds without a key

for (const input of document.querySelectorAll("input[data-find]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-found`;
  input.after(list);
  input.setAttribute("list", list.id);
  input.setAttribute("autocomplete", "off");
  let timer = 0, asked = null;

  const show = (found) => {
    const same = (name) => found.filter((each) => each.name.toLowerCase() === name.toLowerCase()).length;
    list.replaceChildren(...found.map(({ id, name }) => {
      const option = document.createElement("option");
      // A name that several have means none of them: the id does.
      [option.value, option.label] = same(name) === 1 ? [name, `${name} (${id})`] : [String(id), `${name} (${id})`];
      return option;
    }));
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < LEAST || /^\d+$/.test(text)) return list.replaceChildren();
    asked = new AbortController();
    try {
      const reply = await fetch(`${input.dataset.find}&${new URLSearchParams({ q: text })}`, { signal: asked.signal });
      if (reply.ok) show((await reply.json()).results);
    } catch {
      // Another letter came before the reply, or there is no network: the form still works.
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
