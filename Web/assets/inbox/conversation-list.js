import { h, replace } from "../dom.js";
import { get } from "./api.js";
import { ConversationBook } from "./conversation-book.js";
import { ConversationRow } from "./conversation-row.js";
import { go } from "./router.js";
import { empty, failed, loading } from "./states.js";

const pageSize = 50;

const ask = (parameters) => get(`/conversations?${new URLSearchParams(parameters)}`);

/** The list of conversations, newest activity first, kept up to date by the company's feed. */
export class ConversationList {
    constructor(element, { me, bus }) {
        Object.assign(this, { element, me, rows: new Map(), ids: [], cursor: null, marked: null, query: null, timer: null });
        this.book = new ConversationBook(me, (id) => this.update(id));
        this.ol = h("ol", { class: "row-list", "aria-label": "Conversations" });
        this.more = h(
            "button",
            { class: "button quiet more", type: "button", hidden: true, on: { click: () => this.read(true) } },
            "Show more");
        const refresh = () => this.soon();
        this.stops = [
            bus.on("ask", (answers) => this.query && answers.push(this.read())),
            bus.on("message.created",
                (message) => this.book.heard(message.message ?? message) ? this.sort() : refresh()),
            bus.on("conversation.read", (mark) => this.book.wasRead(mark.conversationId, mark.seq)),
            bus.on("conversation.created", refresh), bus.on("conversation.deleted", refresh),
            bus.on("conversation.updated",
                (data) => this.book.learn(data.conversation ?? data) ? this.update((data.conversation ?? data).id)
                : refresh()),
        ];
    }

    stop() {
        this.stops.forEach((stop) => stop());
        clearTimeout(this.timer);
    }

    /** Shows what fits these filters. */
    async show(query) {
        this.query = query;
        this.isFresh = false;
        replace(this.element, loading("Loading the conversations…"));
        try {
            await this.read();
        } catch (problem) {
            replace(this.element, failed(problem, () => this.show(query)));
        }
    }

    /** Reads the first page again, or the next one. */
    async read(next = false) {
        const query = this.query;
        const cursor = next && this.cursor ? { cursor: this.cursor } : {};
        const [page, called] = await Promise.all([
            ask({ ...query.parameters, limit: pageSize, ...cursor }),
            // Those who asked for a person are there however long ago it was.
            query.waiting && !next ? ask({ ...query.parameters, waiting: true, limit: 200 }) : { data: [] }]);
        if (query !== this.query) return;
        for (const conversation of [...page.data, ...called.data]) this.book.learn(conversation, true);
        const first = page.data.map((each) => each.id);
        const ids = [...first, ...called.data.map((each) => each.id).filter((id) => !first.includes(id))];
        // What was loaded beyond the first page stays where it was, behind it.
        const kept = next || this.isFresh ? this.ids.filter((id) => !ids.includes(id)) : [];
        const isBeyond = this.ids.length > pageSize && !next;
        this.ids = next ? [...kept, ...ids] : isBeyond ? [...ids, ...kept] : ids;
        if (!isBeyond) this.cursor = page.nextCursor;
        this.isFresh = true;
        if (query.waiting) this.sort();
        else this.render();
    }

    /** Reads again in a moment, once for all that happens until then: however much happens, it does not wait longer. */
    soon() {
        this.timer ??= setTimeout(() => {
            this.timer = null;
            if (this.query) this.read().catch(() => {});
        }, 400);
    }

    sort() {
        const when = (id) => this.book.get(id)?.metadata?.lastMessageAt ?? this.book.get(id)?.updatedAt ?? "";
        this.ids.sort((a, b) => (when(b) > when(a) ? 1 : when(b) < when(a) ? -1 : 0));
        this.render();
    }

    get visible() {
        return this.query?.waiting ? this.ids.filter((id) => this.book.isWaiting(id) !== false) : this.ids;
    }

    render() {
        const ids = this.visible;
        this.more.hidden = !this.cursor;
        if (ids.length === 0) {
            const isFiltered = this.query.waiting || Object.keys(this.query.parameters)
                .some((name) => name !== "status");
            replace(this.element,
                isFiltered ? empty("Nothing fits these filters", "Change the search or the filters above.")
                : empty("No conversations yet",
                    "They appear here as soon as a customer writes. Try it on the demo page.",
                    h("a", { class: "button", href: "/demo" }, "Open the demo page")));
            return;
        }
        const elements = ids.map((id) => this.row(id).element);
        const isSame = elements.length === this.ol.children.length
            && elements.every((each, index) => this.ol.children[index] === each);
        if (!isSame) {
            const focused = this.ol.contains(document.activeElement) ? document.activeElement : null;
            replace(this.ol, elements);
            focused?.focus();
        }
        if (this.ol.parentNode !== this.element) replace(this.element, this.ol, this.more);
        ids.forEach((id) => this.row(id).update());
    }

    row(id) {
        if (!this.rows.has(id)) this.rows.set(id, new ConversationRow(id, this.book));
        const row = this.rows.get(id);
        row.mark(id === this.marked);
        return row;
    }

    update(id) {
        if (this.query?.waiting) this.render();
        else this.rows.get(id)?.update();
    }

    mark(id) {
        this.marked = id ?? null;
        for (const [each, row] of this.rows) row.mark(each === id);
    }

    /** Opens the next or the previous conversation. */
    move(step) {
        const ids = this.visible;
        const at = ids.indexOf(this.marked);
        const id = ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + step))];
        if (!id) return;
        go("c", id);
        this.rows.get(id)?.element.scrollIntoView({ block: "nearest" });
    }
}
