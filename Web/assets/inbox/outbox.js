import { post } from "./api.js";

const prefix = "switchboard:outbox:";
const boxes = new Map();

/**
 * The answers of a person on their way to one conversation: shown at once, sent until the server has acknowledged them,
 * in order. They go on when another conversation is open, and after a reload of the tab; while the person works for
 * another company they wait.
 *
 * @param {{user: object, company: object}} me
 * @param {string} conversationId
 * @returns {Outbox}
 */
export function outboxOf(me, conversationId) {
    const key = keyOf(me) + conversationId;
    if (!boxes.has(key)) boxes.set(key, new Outbox(key, conversationId));
    return boxes.get(key);
}

const keyOf = ({ user, company }) => `${prefix}${user.id}:${company?.id}:`;

/** Goes on with what a reload interrupted. */
export function resumeOutboxes(me) {
    const own = keyOf(me);
    for (const key of Object.keys(sessionStorage)) if (
        key.startsWith(own)) outboxOf(me, key.slice(own.length)).flush();
}

/**
 * Sends nothing more. What was not sent is there again when the same person is back in the same company, unless they
 * signed out.
 */
export function closeOutboxes() {
    for (const box of boxes.values()) box.stop();
    boxes.clear();
}

addEventListener("online", () => boxes.forEach((box) => box.flush()));

class Outbox {
    #listeners = new Set();

    constructor(key, conversationId) {
        Object.assign(this, { key, conversationId, items: kept(key) });
    }

    /**
     * Tells what happens from now on.
     *
     * @param {{stored: (message: object) => void, changed: () => void}} listener
     * @returns {() => void} ends that
     */
    attach(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    stop() {
        this.isStopped = true;
        clearTimeout(this.timer);
    }

    add(content) {
        this.items.push(
            { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, content, problem: null, tries: 0 });
        this.#change();
        this.flush();
    }

    /** Tries a refused one again, or forgets it. */
    retry(id, forget = false) {
        if (forget) this.items = this.items.filter((item) => item.id !== id);
        else this.items.find((item) => item.id === id).problem = null;
        this.#change();
        this.flush();
    }

    async flush() {
        clearTimeout(this.timer);
        if (this.isFlushing || this.isStopped) return;
        this.isFlushing = true;
        for (let item; (item = this.items.find((each) => !each.problem?.isFinal)) && !this.isStopped;) {
            try {
                const message = await post(
                    `/conversations/${this.conversationId}/messages`, { content: item.content, clientMessageId: item.id });
                this.items = this.items.filter((each) => each !== item);
                this.#change();
                for (const { stored } of this.#listeners) stored(message);
            } catch (problem) {
                // The sign-in page is there, or another company: whoever comes back sends it.
                if (problem.status === 401 || this.isStopped) break;
                item.tries += 1;
                item.problem = { text: problem.message, isFinal: !problem.passes };
                this.#change();
                if (!problem.passes) continue;
                const wait = Math.max(problem.retryAfter * 1000, Math.min(15_000, 500 * 2 ** item.tries));
                this.timer = setTimeout(() => this.flush(), wait);
                break;
            }
        }
        this.isFlushing = false;
    }

    #change() {
        try {
            if (this.items.length) sessionStorage.setItem(this.key, JSON.stringify(this.items));
            else sessionStorage.removeItem(this.key);
        } catch { /* then it lasts until a reload */ }
        for (const { changed } of this.#listeners) changed();
    }
}

function kept(key) {
    try {
        return JSON.parse(sessionStorage.getItem(key)) ?? [];
    } catch {
        return [];
    }
}

/** Takes away what a person has not sent, when they sign out. */
export function forgetOutboxes() {
    closeOutboxes();
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
