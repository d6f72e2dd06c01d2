import { h, replace } from "../dom.js";

/** Offers agents while `@…` is being typed into a field. */
export class Mentions {
    #found = [];
    #chosen = 0;

    /**
     * @param {HTMLTextAreaElement} field
     * @param {() => Promise<Array<{name: string, description: string, enabled: boolean}>>} agents
     * @param {() => void} changed called after the field's text was completed
     */
    constructor(field, agents, changed) {
        Object.assign(this, { field, agents, changed });
        this.element = h(
            "div", { class: "mentions", id: "mention-list", role: "listbox", "aria-label": "Agents", hidden: true });
        field.addEventListener("blur", () => this.#offer([]));
    }

    async typed() {
        const before = this.field.value.slice(0, this.field.selectionStart);
        const start = /(?:^|[\s([{"'¿¡,;.!?:])@([a-z0-9-]{0,32})$/i.exec(before);
        if (!start) return this.#offer([]);
        const found = (await this.agents())
            .filter((agent) => agent.enabled !== false && agent.name.startsWith(start[1].toLowerCase()));
        if (this.field.value.slice(0, this.field.selectionStart) === before) this.#offer(found);
    }

    /** Takes the keys that choose; true when it took this one. */
    key(event) {
        if (this.element.hidden) return false;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) this.#choose((this.#chosen + step + this.#found.length) % this.#found.length);
        else if (event.key === "Enter" || event.key === "Tab") this.#complete(this.#found[this.#chosen]);
        else if (event.key === "Escape") this.#offer([]);
        else return false;
        event.preventDefault();
        event.stopPropagation();
        return true;
    }

    #offer(found) {
        this.#found = found;
        this.element.hidden = found.length === 0;
        replace(this.element, found.map((agent, index) =>
            h("div", { role: "option", id: `mention-${index}`,
                on: { mousedown: (event) => event.preventDefault(), click: () => this.#complete(agent) } },
                h("strong", {}, `@${agent.name}`), " ", h("span", { class: "hint" }, agent.description ?? ""))));
        if (found.length) this.#choose(0);
        else this.field.removeAttribute("aria-activedescendant");
    }

    #choose(index) {
        this.#chosen = index;
        [...this.element.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
        this.field.setAttribute("aria-activedescendant", `mention-${index}`);
        this.element.children[index].scrollIntoView({ block: "nearest" });
    }

    #complete(agent) {
        const { value, selectionStart } = this.field;
        const head = `${value.slice(0, value.lastIndexOf("@", selectionStart - 1))}@${agent.name} `;
        this.field.value = head + value.slice(selectionStart).replace(/^ /, "");
        this.field.setSelectionRange(head.length, head.length);
        this.#offer([]);
        this.changed();
    }
}
