import { h } from "../dom.js";
import { approvalCard } from "./approvals.js";
import { dayName } from "./format.js";
import { draftView, messageView, toolsView, waitingView } from "./message-view.js";
import { attempt } from "./toast.js";

/** The messages of the open conversation as a scrolling list that changes only where something changed. */
export class MessageList {
    #items = new Map();

    constructor(context, actions) {
        Object.assign(this, { context, actions });
        this.list = h("ol", { class: "messages" });
        this.more = h(
            "button", { class: "button quiet small earlier", type: "button", on: { click: () => this.#earlier() } },
            "Show earlier messages");
        this.writing = h("p", { class: "writing", "aria-hidden": "true" });
        this.jump = h(
            "button", { class: "button small jump", type: "button", hidden: true, on: { click: () => this.toEnd() } },
            "New messages");
        this.none = h("p", { class: "state" }, "No messages yet. Write the first one below.");
        this.element = h(
            "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Messages",
                on: { scroll: () => this.isAtEnd && (this.jump.hidden = true) } },
            this.more, this.none, this.list, this.writing, this.jump);
    }

    get isAtEnd() {
        return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight < 80;
    }

    toEnd() {
        this.element.scrollTop = this.element.scrollHeight;
        this.jump.hidden = true;
    }

    update({ messages, hasEarlier, loaded, drafts, writing, using = [], waiting, customer, logOf = () => undefined, approvals = [] }) {
        const follows = this.isAtEnd || !this.wasShown;
        this.more.hidden = !hasEarlier;
        this.none.hidden = !loaded || messages.length + waiting.length > 0;
        this.none.textContent = "No messages yet. Write the first one below.";
        this.#render(
            [...this.#entries(messages, customer, logOf),
                ...approvals.map((each) => entry(`approval ${each.id}`, "",
                    () => h("li", { class: "asked" }, approvalCard(each, this.context.approvals)))),
                ...using.map((turn) => entry(`tools ${turn.id}`, JSON.stringify(turn), () => toolsView(turn))),
                ...drafts.map((draft) => entry(`draft ${draft.id}`, draft.content, () => draftView(draft))),
            ...waiting.map(
                (item) => entry(item.id, JSON.stringify(item.problem), () => waitingView(item, this.actions.retry)))]);
        const names = drafts.length ? [] : writing;
        this.writing.textContent = names.length
            ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} writing…` : "";
        const last = messages.at(-1)?.seq ?? 0;
        if (follows) this.toEnd();
        else if (last > (this.last ?? 0)) this.jump.hidden = false;
        this.last = last;
        this.wasShown = messages.length > 0;
    }

    #entries(messages, customer, logOf) {
        let day = "";
        let author = "";
        return messages.flatMap((message) => {
            const entries = [];
            const on = new Date(message.timestamp).toDateString();
            if (on !== day) entries.push(
                entry(`day ${on}`, 0, () => h("li", { class: "day" }, dayName(message.timestamp))));
            const by = `${on} ${message.role} ${message.agentName} ${message.metadata?.authorName}`;
            const isFirst = by !== author;
            [day, author] = [on, by];
            const name = message.role === "user" && message.clientMessageId ? message.clientMessageId : message.id;
            entries.push(
                entry(name, [message.seq, message.editedAt, message.deletedAt, isFirst, customer, Boolean(logOf(message)),
                    message.delivery?.state].join(" "), () => messageView(message, isFirst, customer, logOf(message))));
            return entries;
        });
    }

    #render(entries) {
        const wanted = new Set(entries.map((each) => each.key));
        for (const [key, item] of this.#items) {
            if (wanted.has(key)) continue;
            item.element.remove();
            this.#items.delete(key);
        }
        let place = this.list.firstChild;
        for (const { key, version, make } of entries) {
            let item = this.#items.get(key);
            if (item?.version !== version) {
                const element = make();
                if (item?.element === place) place = element;
                item?.element.replaceWith(element);
                this.#items.set(key, (item = { element, version }));
            }
            if (place === item.element) place = place.nextSibling;
            else this.list.insertBefore(item.element, place);
        }
    }

    async #earlier() {
        const below = this.element.scrollHeight - this.element.scrollTop;
        this.more.disabled = true;
        await attempt(() => this.actions.earlier());
        this.more.disabled = false;
        this.element.scrollTop = this.element.scrollHeight - below;
    }
}

const entry = (key, version, make) => ({ key, version, make });
