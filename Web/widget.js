// Switchboard web chat. One tag puts it on a page:
//   <script src="https://…/widget.js" data-key="sb_pub_…" async></script>
// Optional: data-lang="en|es", data-theme="light|dark", data-side="left". No dependencies, no cookies; works under a
// Content-Security-Policy that names this script's origin in script-src and connect-src. When it is ready,
// `switchboard:ready` is dispatched on window, and window.Switchboard has open(), close(), identify(), on().
// SPDX-License-Identifier: Apache-2.0
(() => {
"use strict";

const tag = document.currentScript;
const tagName = "switchboard-chat";
if (customElements.get(tagName)) return;

// ---------------------------------------------------------------------------------------------------------- words

const words = {
    en: {
        open: "Open the chat with {name}", close: "Close the chat", chat: "Chat with {name}", unread: "{count} unread",
        placeholder: "Write a message", message: "Message", send: "Send", you: "You", person: "{name} team",
        agent: "agent", earlier: "Show earlier messages", jump: "New messages", more: "Show all", sending: "Sending…",
        waiting: "Not sent yet. It goes out as soon as the connection is back.", failed: "Could not be sent.",
        again: "Try again", discard: "Discard", writing: "{name} is writing…", somebody: "Somebody",
        deleted: "Message deleted", edited: "edited", offline: "No connection. Trying again…", loading: "Loading the conversation…",
        hint: "People and @agents answer here.", suggestions: "Agents", greeting: "Hello! How can we help?",
        tooLong: "The message is too long by {count} bytes.", today: "Today", said: "{who}: {text}",
        broken: "The chat does not answer: {detail}", question: "Is it in stock?", answer: "Yes, and it ships today.",
    },
    es: {
        open: "Abrir el chat con {name}", close: "Cerrar el chat", chat: "Chat con {name}", unread: "{count} sin leer",
        placeholder: "Escribe un mensaje", message: "Mensaje", send: "Enviar", you: "Tú", person: "Equipo de {name}",
        agent: "agente", earlier: "Ver mensajes anteriores", jump: "Mensajes nuevos", more: "Ver todo",
        sending: "Enviando…",
        waiting: "Aún sin enviar. Saldrá en cuanto vuelva la conexión.", failed: "No se pudo enviar.",
        again: "Reintentar", discard: "Descartar", writing: "{name} está escribiendo…", somebody: "Alguien",
        deleted: "Mensaje eliminado", edited: "editado", offline: "Sin conexión. Reintentando…", loading: "Cargando la conversación…",
        hint: "Aquí responden personas y @agentes.", suggestions: "Agentes",
        greeting: "¡Hola! ¿En qué podemos ayudarte?",
        tooLong: "El mensaje se pasa por {count} bytes.", today: "Hoy", said: "{who}: {text}",
        broken: "El chat no responde: {detail}", question: "¿Hay existencias?", answer: "Sí, y sale hoy mismo.",
    },
};

function translator(asked) {
    const wanted = [asked, document.documentElement.lang, navigator.language, "en"].filter(Boolean);
    const lang = wanted.map((each) => each.slice(0, 2).toLowerCase()).find((each) => each in words);
    const t = (name, values = {}) => words[lang][name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
    t.lang = lang;
    return t;
}

// --------------------------------------------------------------------------------------------------------- memory

/** What outlives a reload, under the host page's origin and this key; in memory only where storage is blocked. */
class Memory {
    constructor(key, storage) {
        this.prefix = `switchboard:${key}:`;
        this.storage = storage;
        this.fallback = new Map();
    }

    get(name) {
        try {
            return JSON.parse(this.storage().getItem(this.prefix + name));
        } catch {
            return this.fallback.get(name) ?? null;
        }
    }

    set(name, value) {
        this.fallback.set(name, value);
        try {
            if (value === null || value === undefined) this.storage().removeItem(this.prefix + name);
            else this.storage().setItem(this.prefix + name, JSON.stringify(value));
        } catch { /* full or blocked: what is in memory has to do */ }
    }
}

function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// ------------------------------------------------------------------------------------------------------------ api

/** An answer of the API that is not a success; `status` 0 when there was none. */
class Failure extends Error {
    constructor(status, detail, retryAfter = 0) {
        super(detail);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /** Whether the same request may succeed later. */
    get passes() {
        return this.status === 0 || this.status === 408 || this.status === 409 || this.status === 425
            || this.status === 429 || this.status >= 500;
    }
}

class Api {
    constructor(base) {
        this.base = base;
        this.token = null;
    }

    async json(method, path, { body, headers } = {}) {
        const limit = new AbortController();
        const timer = setTimeout(() => limit.abort(), 20_000);
        try {
            const response = await this.fetch(path, {
                method, signal: limit.signal, body: body && JSON.stringify(body),
                headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }),
                    ...headers },
            });
            if (!response.ok) throw await failure(response);
            return response.status === 204 ? null : await response.json();
        } catch (error) {
            throw error instanceof Failure ? error : new Failure(0, String(error.message ?? error));
        } finally {
            clearTimeout(timer);
        }
    }

    fetch(path, options) {
        const headers = { ...options.headers, ...(this.token && { Authorization: `Bearer ${this.token}` }) };
        return fetch(`${this.base}/api${path}`, { ...options, headers, credentials: "omit", cache: "no-store" });
    }
}

async function failure(response) {
    const body = await response.json().catch(() => ({}));
    return new Failure(
        response.status, body.detail ?? `HTTP ${response.status}`, Number(response.headers.get("Retry-After")) || 0);
}

/**
 * Reads Server-Sent Events from a response, as the HTML standard parses them. Ends with the response, or throws when
 * nothing, not even a comment, came for 45 seconds.
 */
async function* events(response, abort) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "", name = "", data = [], id = null, timer;
    const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(abort, 45_000);
    };
    try {
        for (;;) {
            alive();
            const { done, value } = await reader.read();
            if (done) return;
            rest += decoder.decode(value, { stream: true });
            const lines = rest.split(/\r\n|\n|\r(?!$)/);
            rest = lines.pop();
            for (const line of lines) {
                if (line === "") {
                    if (data.length) yield { name: name || "message", data: data.join("\n"), id };
                    name = "";
                    data = [];
                    continue;
                }
                const colon = line.indexOf(":");
                if (colon === 0) continue;
                const field = colon < 0 ? line : line.slice(0, colon);
                const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
                if (field === "event") name = text;
                else if (field === "data") data.push(text);
                else if (field === "id" && !text.includes("\0")) id = text;
            }
        }
    } finally {
        clearTimeout(timer);
        reader.cancel().catch(() => {});
    }
}

// ----------------------------------------------------------------------------------------------------- transcript

/** The messages of a conversation by `seq`; knows up to where it is complete. */
class Transcript {
    constructor() {
        this.messages = new Map();
        this.first = 0;
        this.complete = 0;
    }

    get isEmpty() { return this.messages.size === 0; }
    get sorted() { return [...this.messages.values()].sort((a, b) => a.seq - b.seq); }
    get hasGap() { return this.messages.size > 0 && Math.max(...this.messages.keys()) > this.complete; }
    get hasEarlier() { return this.first > 1; }

    /** Takes a message in; true when it was not there before. */
    add(message) {
        if (!Number.isInteger(message?.seq)) return false;
        const isNew = !this.messages.has(message.seq);
        if (isNew && message.seq < this.first - 1 && this.first > 0) return false;
        this.messages.set(message.seq, message);
        if (this.first === 0) this.complete = message.seq;
        if (this.first === 0 || message.seq < this.first) this.first = message.seq;
        while (this.messages.has(this.complete + 1)) this.complete += 1;
        return isNew;
    }

    /** A page of messages, ascending; may lie before the first one. */
    addPage(page) {
        const ordered = [...page].sort((a, b) => b.seq - a.seq);
        if (this.isEmpty) ordered.reverse();
        return ordered.filter((message) => this.add(message)).sort((a, b) => a.seq - b.seq);
    }
}

// --------------------------------------------------------------------------------------------------------- client

/** Everything but the looks: session, conversation, sending, following. Tells its listeners what changed. */
class Client {
    constructor(base, key) {
        this.api = new Api(base);
        this.key = key;
        this.memory = new Memory(key, () => localStorage);
        this.tab = new Memory(key, () => sessionStorage);
        this.listeners = new Map();
        this.transcript = new Transcript();
        this.drafts = new Map();
        this.typing = new Map();
        this.silenced = new Set();
        this.config = this.memory.get("config");
        this.person = null;
        this.session = null;
        this.loaded = false;
        this.online = true;
        this.sleepers = new Set();
        this.streamRestsUntil = 0;
        this.polled = false;
        this.following = null;
        this.flushing = null;
        this.attempts = 0;
        this.hiddenSince = document.hidden ? Date.now() : 0;
        addEventListener("online", () => this.wake());
        addEventListener("storage", (event) => this.otherTab(event));
        document.addEventListener("visibilitychange", () => this.visibility());
    }

    on(name, listener) {
        if (!this.listeners.has(name)) this.listeners.set(name, new Set());
        this.listeners.get(name).add(listener);
        return () => this.listeners.get(name).delete(listener);
    }

    emit(name, value) {
        for (const listener of this.listeners.get(name) ?? []) {
            try {
                listener(value);
            } catch (error) {
                setTimeout(() => { throw error; }); // the page's own mistake, reported as such
            }
        }
    }

    // -- start

    /** Reads the company's settings; resolves when the chat can be shown. */
    async start() {
        for (let attempt = 0; ; attempt += 1) {
            try {
                this.config = await this.api.json("GET", `/widget/config?key=${encodeURIComponent(this.key)}`);
                this.memory.set("config", this.config);
                break;
            } catch (error) {
                if (!error.passes) throw error;
                if (this.config) break;
                await this.sleep(backoff(attempt));
            }
        }
        if (this.conversationId || this.outbox.length) this.begin();
    }

    get visitorId() {
        let id = this.memory.get("visitor");
        if (!id) this.memory.set("visitor", (id = uuid()));
        return id;
    }

    get conversationId() { return this.memory.get("conversation"); }
    set conversationId(id) { this.memory.set("conversation", id); }
    get outbox() { return this.memory.get("outbox") ?? []; }
    set outbox(items) { this.memory.set("outbox", items.length ? items : null); }

    /** A valid token: the one of this tab, else a new one. */
    async signIn(renew = false) {
        const wanted = JSON.stringify(this.person);
        const known = this.tab.get("session");
        if (!renew && known && (known.person === wanted || wanted === "null")
            && new Date(known.expiresAt) - Date.now() > 60_000) {
            this.api.token = known.token;
            return;
        }
        this.session ??= this.newSession(wanted).finally(() => (this.session = null));
        await this.session;
    }

    async newSession(person) {
        this.api.token = null;
        const body = { key: this.key, visitorId: this.visitorId, ...(this.person && { customer: this.person }) };
        const session = await this.api.json("POST", "/widget/sessions", { body });
        this.api.token = session.token;
        this.tab.set("session", { token: session.token, expiresAt: session.expiresAt, person });
        if (this.conversationId || !session.conversation) return;
        this.conversationId = session.conversation.id;
        if (session.conversation.metadata?.messageCount === 0) this.loaded = true;
    }

    /** A call that signs in first, and once more when the token is no longer good. */
    async call(method, path, options) {
        await this.signIn();
        try {
            return await this.api.json(method, path, options);
        } catch (error) {
            if (error.status !== 401) throw error;
            await this.signIn(true);
            return this.api.json(method, path, options);
        }
    }

    /** Makes the visitor a known customer, or with `null` a new unknown one. */
    async identify(person) {
        if (!person) {
            for (const name of ["visitor", "conversation", "outbox", "draft", "read", "opened"]) this.memory.set(
                name, null);
            this.tab.set("session", null);
            this.person = null;
            this.stop();
            this.reset();
            return;
        }
        const { externalId, name, email, hash } = person;
        const known = this.person;
        this.person = { externalId, ...(name && { name }), ...(email && { email }), ...(hash && { hash }) };
        try {
            await this.signIn();
        } catch (error) {
            if (!error.passes) this.person = known;
            throw error;
        }
        const before = this.conversationId;
        if (before) {
            await this.api.json("GET", `/conversations/${before}`).catch((error) => {
                if (error.status === 404) this.conversationId = null;
            });
        }
        if (!this.conversationId) await this.signIn(true);
        if (this.conversationId !== before) {
            this.stop();
            this.reset();
        }
        if (this.conversationId) this.begin();
    }

    reset() {
        this.transcript = new Transcript();
        this.drafts.clear();
        this.typing.clear();
        this.silenced.clear();
        this.loaded = false;
        this.emit("reset");
    }

    // -- sending

    /** Takes a text to be sent; it is kept until the server has acknowledged it. */
    send(content) {
        this.outbox = [...this.outbox, { id: uuid(), content, at: Date.now() }];
        this.emit("changed");
        setTimeout(() => this.emit("changed"), 4100);
        this.attempts = 0;
        this.begin();
        this.flush();
    }

    /** Tells the other side that the visitor is typing, every few seconds at most. */
    typed() {
        if (!this.conversationId || !this.api.token || Date.now() - (this.lastTyped ?? 0) < 4000) return;
        this.lastTyped = Date.now();
        this.api.json("POST", `/conversations/${this.conversationId}/typing`).catch((error) => {
            if (error.status === 404 || error.status === 405) this.lastTyped = Infinity;
        });
    }

    retry(id) {
        this.outbox = this.outbox.map((item) => (item.id === id ? { ...item, failed: undefined } : item));
        this.emit("changed");
        this.flush();
    }

    discard(id) {
        this.outbox = this.outbox.filter((item) => item.id !== id);
        this.emit("changed");
    }

    /** Sends what waits, one after the other. One tab at a time where the browser can arrange it. */
    flush() {
        clearTimeout(this.flushTimer);
        this.flushing ??= this.exclusively(() => this.sendWaiting())
            .catch((error) => {
                this.online = error.status !== 0 && this.online;
                this.emit("changed");
                const wait = Math.max(error.retryAfter * 1000, backoff(this.attempts++));
                this.flushTimer = setTimeout(() => this.flush(), wait);
            })
            .finally(() => (this.flushing = null));
        return this.flushing;
    }

    exclusively(work) {
        return navigator.locks ? navigator.locks.request(`${this.memory.prefix}outbox`, work) : work();
    }

    async sendWaiting() {
        for (let moved = 0; ;) {
            const item = this.outbox.find((each) => !each.failed);
            if (!item) return;
            try {
                await this.openConversation();
                const path = `/conversations/${this.conversationId}/messages`;
                const message = await this.call(
                    "POST", path, { body: { content: item.content, clientMessageId: item.id } });
                this.attempts = 0;
                this.online = true;
                this.take([message]);
                this.discard(item.id);
                this.wake();
            } catch (error) {
                if (error.status === 404 && moved < 2) {
                    moved += 1; // the conversation was deleted: a new one takes the message
                    this.lost();
                } else if (error.passes) {
                    throw error;
                } else {
                    this.outbox = this.outbox.map(
                        (each) => (each.id === item.id ? { ...each, failed: error.message } : each));
                    this.emit("changed");
                }
            }
        }
    }

    async openConversation() {
        await this.signIn();
        if (this.conversationId) return;
        // Two tabs, or a repeated try, get the same one by this key.
        const round = this.memory.get("round") ?? 0;
        const headers = { "Idempotency-Key": `widget-${this.visitorId}-${round}` };
        const conversation = await this.call("POST", "/conversations", { body: {}, headers });
        this.conversationId = conversation.id;
        this.loaded = true;
        this.begin();
        this.wake();
    }

    lost() {
        this.memory.set("round", (this.memory.get("round") ?? 0) + 1);
        this.conversationId = null;
        this.reset();
    }

    // -- following

    /** Follows the conversation from now on, if there is one. */
    begin() {
        if (this.following || !(this.conversationId || this.outbox.length)) return;
        const run = (this.following = { stopped: false });
        if (this.outbox.length) this.flush();
        this.follow(run).finally(() => {
            if (this.following === run) this.following = null;
        });
    }

    stop() {
        if (this.following) this.following.stopped = true;
        this.following?.abort?.();
        this.following = null;
        this.wake();
    }

    async follow(run) {
        for (let failures = 0; !run.stopped;) {
            try {
                if (!this.conversationId) {
                    await this.sleep(500);
                    if (!this.outbox.length && !this.flushing && !this.conversationId) return;
                    continue;
                }
                await this.catchUp(run);
                if (run.stopped) return;
                failures = 0;
                this.status(true);
                if (this.mayStream) await this.stream(run);
                else await this.sleep(this.pollDelay);
            } catch (error) {
                if (run.stopped) return;
                if (error.status === 404) {
                    this.lost();
                    if (!this.outbox.length) return;
                } else if (!error.passes && error.status !== 401) {
                    this.emit("error", error);
                    return;
                } else {
                    if (error.status === 0 || error.status >= 500) this.status(false);
                    await this.sleep(Math.max(error.retryAfter * 1000, backoff(failures++)));
                }
            }
        }
    }

    get mayStream() { return Date.now() >= this.streamRestsUntil && !this.isAway; }
    /** A tab that nobody looks at gives its connection back: browsers allow six to a server. */
    get isAway() { return this.hiddenSince > 0 && Date.now() - this.hiddenSince > 30_000; }

    get pollDelay() {
        if (this.isAway) return 30_000;
        return Date.now() - (this.lastSent ?? 0) < 15_000 ? 1000 : 4000;
    }

    /**
     * Asks the store for what is missing. After a time without polling also for the latest page as a whole, since a
     * message may have been edited or deleted meanwhile.
     */
    async catchUp(run) {
        const path = `/conversations/${this.conversationId}/messages`;
        const latest = this.loaded && this.polled ? [] : (await this.call("GET", `${path}?limit=50`)).data;
        const fresh = [];
        const isApart = latest.length > 0 && !this.transcript.isEmpty && latest[0].seq > this.transcript.complete + 1;
        for (let more = (this.loaded && this.polled) || isApart; more;) {
            const page = (await this.call("GET", `${path}?after=${this.transcript.complete}&limit=200`)).data;
            if (run.stopped) return;
            fresh.push(...this.transcript.addPage(page));
            more = page.length === 200;
        }
        if (run.stopped) return;
        fresh.push(...this.transcript.addPage(latest));
        this.polled = !this.mayStream;
        const first = !this.loaded;
        this.loaded = true;
        this.settle(fresh, first);
    }

    async earlier() {
        const path = `/conversations/${this.conversationId}/messages?before=${this.transcript.first}&limit=50`;
        this.transcript.addPage((await this.call("GET", path)).data);
        this.emit("changed");
    }

    async stream(run) {
        const abort = new AbortController();
        run.abort = () => abort.abort();
        const began = Date.now();
        const slow = setTimeout(run.abort, 20_000);
        try {
            await this.signIn();
            const path = `/conversations/${this.conversationId}/events?after=${this.transcript.complete}`;
            const response = await this.api.fetch(
                path, { signal: abort.signal, headers: { Accept: "text/event-stream" } });
            clearTimeout(slow);
            if (response.status === 401) await this.signIn(true);
            if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
                response.body?.cancel().catch(() => {});
                this.streamRestsUntil = Date.now() + (response.status === 401 ? 1000 : 60_000);
                return;
            }
            for await (const event of events(response, run.abort)) {
                if (run.stopped) return;
                this.status(true);
                await this.handle(event, run);
            }
        } catch (error) {
            if (error instanceof Failure) throw error;
        } finally {
            clearTimeout(slow);
            abort.abort();
            run.abort = null;
            this.polled = false;
            this.drafts.clear();
            this.emit("changed");
        }
        if (run.stopped) return;
        // A stream that does not last is given a rest; meanwhile the store is asked.
        this.short = Date.now() - began < 3000 ? (this.short ?? 0) + 1 : 0;
        if (this.short >= 3) this.streamRestsUntil = Date.now() + 30_000;
        await this.sleep(this.isAway ? 0 : 200 + Math.random() * 800);
    }

    async handle({ name, data }, run) {
        let value;
        try {
            value = JSON.parse(data);
        } catch {
            return;
        }
        switch (name) {
        case "message.created": case "message.updated":
            this.take([value.message ?? value]);
            this.polled = true;
            if (this.transcript.hasGap) await this.catchUp(run);
            break;
        case "message.deleted": {
            const message = value.message ?? value;
            const known = this.transcript.sorted.find(
                (each) => each.seq === message.seq || each.id === (message.id ?? message.messageId));
            if (known) this.take([{ ...known, content: "", deletedAt: message.deletedAt ?? new Date().toISOString() }]);
            break;
        }
        case "message.delta":
            this.write(value.turnId ?? value.agentName, value);
            break;
        case "turn.started":
            if (!this.silenced.has(value.turnId)) this.showTyping(value.turnId ?? value.id, value.agentName ?? value.agent, 60_000);
            break;
        case "turn.finished": case "turn.failed":
            this.drafts.delete(value.turnId ?? value.id);
            this.typing.delete(value.turnId ?? value.id);
            this.emit("changed");
            break;
        case "conversation.updated":
            // A person took over: what agents are writing will not be sent.
            if (isPerson((value.conversation ?? value).control?.holder)) this.silence();
            break;
        case "typing":
            if (value.role !== "customer" && !value.customerId) this.showTyping("person", null, 6000);
            break;
        case "resync":
            this.polled = false;
            await this.catchUp(run);
            break;
        default:
        }
    }

    /**
     * A piece of what an agent is writing: it follows what came before `offset`, counted in Unicode scalars; a snapshot
     * is all of it so far. What leaves a hole is left out, since a snapshot or the message itself will bring it.
     */
    write(id, { agentName, offset, text = "", snapshot, reset }) {
        if (this.silenced.has(id)) return;
        if (reset) this.drafts.delete(id);
        if (text) {
            const before = [...(this.drafts.get(id)?.content ?? "")];
            const from = snapshot ? 0 : offset ?? before.length;
            if (from > before.length) return;
            this.drafts.set(id, { id, agentName, content: before.slice(0, from).join("") + text });
        }
        this.emit("changed");
    }

    /** Forgets what agents are writing, and does not listen to the rest of it. */
    silence() {
        for (const [id, { name }] of [...this.typing, ...this.drafts]) if (id !== "person") {
            this.silenced.add(id);
            if (name) this.typing.delete(id);
        }
        this.drafts.clear();
        this.emit("changed");
    }

    showTyping(id, name, lasts) {
        const until = Date.now() + lasts;
        this.typing.set(id, { name, until });
        setTimeout(() => this.typing.get(id)?.until === until && this.typing.delete(id) && this.emit("changed"), lasts);
        this.emit("changed");
    }

    // -- what came

    take(messages) {
        this.settle(messages.filter((message) => this.transcript.add(message)), false);
    }

    settle(fresh, first) {
        const arrived = new Set(
            [...this.transcript.messages.values()].map((message) => message.clientMessageId).filter(Boolean));
        const waiting = this.outbox;
        if (waiting.some((item) => arrived.has(item.id))) this.outbox = waiting.filter((item) => !arrived.has(item.id));
        for (const message of fresh) {
            if (message.role === "customer") this.lastSent = Date.now();
            else this.finish(message);
        }
        this.emit("changed");
        if (first) this.emit("loaded");
        else for (const message of fresh) if (message.role !== "customer" && !message.deletedAt) this.emit(
            "incoming", message);
    }

    /** A finished message replaces what was shown while it was being written. */
    finish(message) {
        const turn = message.metadata?.turnId;
        for (const [id, draft] of this.drafts) if (
            id === turn || draft.agentName === message.agentName) this.drafts.delete(id);
        for (const [id, each] of this.typing) if (
            id === turn || each.name === message.agentName || message.role === "user") this.typing.delete(id);
    }

    // -- waiting

    status(online) {
        if (this.online === online) return;
        this.online = online;
        if (online && this.outbox.length) this.flush();
        this.emit("changed");
    }

    sleep(milliseconds) {
        return new Promise((resolve) => {
            const wake = () => {
                clearTimeout(timer);
                this.sleepers.delete(wake);
                resolve();
            };
            const timer = setTimeout(wake, milliseconds);
            this.sleepers.add(wake);
        });
    }

    wake() {
        for (const wake of [...this.sleepers]) wake();
        if (this.flushTimer && this.outbox.length) this.flush();
    }

    visibility() {
        this.hiddenSince = document.hidden ? Date.now() : 0;
        clearTimeout(this.awayTimer);
        if (document.hidden) this.awayTimer = setTimeout(() => this.following?.abort?.(), 31_000);
        else this.wake();
        this.emit("changed");
    }

    otherTab(event) {
        if (event.storageArea !== localStorage || !event.key?.startsWith(this.memory.prefix)) return;
        const name = event.key.slice(this.memory.prefix.length);
        if (name === "outbox" || name === "read") this.emit("changed");
        if (name === "outbox") this.wake();
        if (name === "conversation") {
            this.stop();
            this.reset();
            this.begin();
        }
    }
}

/** Whether who holds a conversation is a person and not an agent. */
const isPerson = (holder) => Boolean(holder) && !holder.startsWith("agent:");

/** 0.5 s, 1 s, 2 s … 30 s, each between half and the whole of it. */
function backoff(attempt) {
    return Math.min(30_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
}

// ----------------------------------------------------------------------------------------------------------- text

function h(name, props = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(props)) {
        if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(
            key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
}

// Characters that turn the direction of what follows, and controls that have no looks.
const unseen = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const plain = (content) => String(content ?? "").replace(unseen, "");

/** Someone else's words as text nodes and http(s) links, nothing else. */
function safeText(content) {
    const fragment = document.createDocumentFragment();
    let links = 0;
    for (const part of plain(content).split(/(https?:\/\/[^\s<>"'`{}|\\^]+)/i)) {
        const [address, rest] = links < 50 ? trimmed(part) : ["", part];
        if (address) {
            links += 1;
            fragment.append(
                h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", dir: "ltr" },
                    part.slice(0, part.length - rest.length)));
        }
        if (rest) fragment.append(rest);
    }
    return fragment;
}

function trimmed(part) {
    if (!/^https?:\/\//i.test(part)) return ["", part];
    let text = part.replace(/[.,;:!?»”’*_~]+$/, "");
    while (/[)\]]$/.test(text) && text.split(/[([]/).length < text.split(/[)\]]/).length) text = text.slice(0, -1);
    try {
        const url = new URL(text);
        const plain = (url.protocol === "https:" || url.protocol === "http:") && !url.username && !url.password;
        return plain ? [url.href, part.slice(text.length)] : ["", part];
    } catch {
        return ["", part];
    }
}

const bytesOf = (text) => new TextEncoder().encode(text).length;
/** `#0a7` and `#00aa77` as six digits; nothing for what is no colour. */
function colourOf(text) {
    if (typeof text !== "string" || !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return null;
    return text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text;
}

/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
function readableOn(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return 1.05 / (light + 0.05) >= (light + 0.05) / 0.0565 ? "#ffffff" : "#14110f";
}

// ---------------------------------------------------------------------------------------------------------- looks

const styles = `
:host { display: block !important; position: static !important; }
:host([hidden]) { display: none !important; }
.root { all: initial; direction: ltr; color-scheme: light;
    --bg: #fff; --ink: #1c2321; --muted: #59635f; --line: #dde2df; --other: #eef2f0; --error: #a3261b; --field: #87908b;
    font: 15px/1.45 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
    sans-serif; color: var(--ink); }
.root.dark { color-scheme: dark; --bg: #171c1a; --ink: #e8ecea; --muted: #a0aaa5; --line: #333d39; --other: #262f2b;
    --error: #ff9d90; --field: #77827d; }
*, *::before, *::after { box-sizing: border-box; }
button, textarea { font: inherit; color: inherit; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
    stroke-linejoin: round; display: block; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
    bottom: max(20px, env(safe-area-inset-bottom));
    width: 58px; height: 58px; padding: 0; border: 2px solid var(--on-accent); border-radius: 50%;
    background: var(--accent); color: var(--on-accent); cursor: pointer;
    display: grid; place-items: center; box-shadow: 0 4px 18px rgb(0 0 0 / 28%); transition: transform 0.15s; }
.launcher:hover { transform: translateY(-2px); }
.launcher:focus-visible { outline: 3px solid var(--ink); }
.badge { position: absolute; top: -5px; right: -5px; min-width: 22px; height: 22px; padding: 0 6px;
    border-radius: 11px; background: #b3261e; color: #fff; font-size: 13px; font-weight: 700; line-height: 22px;
    text-align: center; }

.panel { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right)); bottom: 92px;
    width: 384px; height: min(640px, calc(100vh - 116px));
    display: grid; grid-template-rows: auto minmax(0, 1fr) auto; background: var(--bg); border: 1px solid var(--line);
    border-radius: 16px; overflow: hidden; box-shadow: 0 12px 48px rgb(0 0 0 / 24%); }
.left .launcher, .left .panel { right: auto; left: max(20px, env(safe-area-inset-left)); }
.inline .panel { position: relative; inset: auto; width: 100%; max-width: 384px; height: 520px; box-shadow: none; }
.inline .launcher { display: none; }
header { display: flex; align-items: center; gap: 12px; padding: 14px 10px 14px 18px; background: var(--accent);
    color: var(--on-accent); }
header div { flex: 1; min-width: 0; }
h2 { margin: 0; font-size: 17px; line-height: 1.25; font-weight: 700; overflow-wrap: anywhere; }
header p { margin: 2px 0 0; font-size: 13px; }
header button { flex: none; width: 40px; height: 40px; padding: 8px; border: 0; border-radius: 8px; background: none;
    color: inherit; cursor: pointer; }
header button:focus-visible { outline-color: var(--on-accent); outline-offset: -2px; }

.scroll { overflow-y: auto; overscroll-behavior: contain; padding: 16px 14px 8px; position: relative; }
.scroll:focus-visible { outline-offset: -3px; }
.greeting { margin: 0 0 14px; color: var(--muted); overflow-wrap: anywhere; }
.greeting a { color: inherit; }
ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 3px; }
.day { align-self: center; margin: 12px 0 4px; font-size: 12px; color: var(--muted); }
.message { display: flex; flex-direction: column; align-items: flex-start; max-width: 86%; }
.message.first { margin-top: 10px; }
.mine { align-self: flex-end; align-items: flex-end; }
.system { align-self: center; max-width: 100%; text-align: center; font-size: 13px; color: var(--muted); }
.who { font-size: 12.5px; font-weight: 600; color: var(--muted); margin: 0 4px 3px; }
.who i { font-style: normal; font-weight: 500; border: 1px solid var(--line); border-radius: 4px; padding: 0 4px;
    margin-left: 4px; }
.bubble { padding: 9px 13px; border-radius: 15px; background: var(--other); white-space: pre-wrap;
    overflow-wrap: anywhere; unicode-bidi: isolate; max-width: 100%; }
.mine .bubble { background: var(--accent); color: var(--on-accent); }
.system .bubble { background: none; padding: 4px 8px; }
.gone { font-style: italic; color: var(--muted); }
.bubble.long { max-height: 260px; overflow: hidden; }
.bubble a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.note { font-size: 12.5px; color: var(--muted); margin: 2px 4px 0; }
.note.bad { color: var(--error); }
.text { border: 0; background: none; padding: 2px 4px; color: inherit; text-decoration: underline; cursor: pointer;
    font-size: 13px; }
.message time { font-size: 11.5px; color: var(--muted); margin: 2px 5px 0; }
.draft .bubble::after { content: ""; display: inline-block; width: 7px; height: 1em; margin-left: 2px;
    vertical-align: -2px; background: currentColor; animation: blink 1s steps(2) infinite; }
.typing { min-height: 22px; margin: 8px 4px 0; font-size: 13px; color: var(--muted); }
.center { display: block; margin: 0 auto 10px; }
.jump { position: sticky; bottom: 4px; display: block; margin: 8px auto 0; padding: 6px 14px;
    border: 1px solid var(--line); border-radius: 16px; background: var(--bg); cursor: pointer; font-size: 13px;
    font-weight: 600; box-shadow: 0 2px 10px rgb(0 0 0 / 18%); }

form { position: relative; display: flex; align-items: flex-end; gap: 8px; margin: 0; padding: 10px 12px 12px;
    border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; resize: none; height: 42px; max-height: 150px; padding: 9px 12px;
    border: 1px solid var(--field); border-radius: 12px; background: var(--bg); line-height: 22px; }
textarea::placeholder { color: var(--muted); opacity: 1; }
textarea:focus-visible { outline-offset: 0; }
.send { flex: none; width: 42px; height: 42px; padding: 9px; border: 0; border-radius: 12px; background: var(--accent);
    color: var(--on-accent); cursor: pointer; }
.send:disabled { background: var(--other); color: var(--muted); cursor: default; }
.problem { position: absolute; bottom: 100%; left: 0; right: 0; margin: 0; padding: 6px 16px; background: var(--bg);
    border-top: 1px solid var(--line); font-size: 13px; color: var(--error); }
.mentions { position: absolute; bottom: calc(100% - 4px); left: 12px; right: 12px; margin: 0; padding: 5px;
    max-height: 230px; overflow-y: auto; background: var(--bg); border: 1px solid var(--line); border-radius: 12px;
    box-shadow: 0 4px 22px rgb(0 0 0 / 22%); }
.mentions div { padding: 7px 10px; border-radius: 8px; cursor: pointer; }
.mentions [aria-selected="true"] { background: var(--other); box-shadow: inset 3px 0 0 var(--ink); }
.mentions b { display: block; } .mentions span { font-size: 13px; color: var(--muted); }

@keyframes blink { 50% { opacity: 0; } }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
.panel { animation: rise 0.16s ease-out; }
@media (max-width: 480px) {
    .root:not(.inline) .panel { inset: 0; width: auto; height: 100%; border: 0; border-radius: 0; }
    .root.open:not(.inline) .launcher { display: none; }
    textarea { font-size: 16px; }
    form { padding-bottom: max(12px, env(safe-area-inset-bottom)); }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .launcher, .send, .mine .bubble { border: 1px solid; } }
`;

/** The chat's looks in a shadow root, so that no style of the page gets in and none gets out. */
class View {
    constructor(host, options, actions) {
        this.t = translator(options.lang);
        this.actions = actions;
        this.options = options;
        this.items = new Map();
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        this.palette = new CSSStyleSheet();
        const shadow = host.attachShadow({ mode: "open" });
        shadow.adoptedStyleSheets = [sheet, this.palette];
        this.root = h("div", { class: "root", lang: this.t.lang });
        this.root.classList.toggle("left", options.side === "left");
        this.root.classList.toggle("inline", Boolean(options.inline));
        this.build();
        shadow.append(this.root);
        const dark = matchMedia("(prefers-color-scheme: dark)");
        const paint = () => this.root.classList.toggle("dark", options.theme ? options.theme === "dark" : dark.matches);
        dark.addEventListener("change", paint);
        paint();
        this.phone = matchMedia("(max-width: 480px)");
        this.phone.addEventListener("change", () => this.modality());
        window.visualViewport?.addEventListener("resize", () => this.modality());
        window.visualViewport?.addEventListener("scroll", () => this.modality());
    }

    build() {
        const { t } = this;
        this.badge = h("span", { class: "badge", hidden: true });
        this.launcher = h(
            "button",
            { class: "launcher", type: "button", "aria-expanded": "false", onclick: () => this.actions.toggle() },
            icon("M4 5h16v11H9l-5 4z"), this.badge);
        this.title = h("h2", { id: "title" });
        this.state = h("p", { id: "state" });
        this.earlierButton = h(
            "button", { class: "text center", type: "button", hidden: true, onclick: () => this.earlier() },
            t("earlier"));
        this.greeting = h("p", { class: "greeting" });
        this.list = h("ol", { role: "list" });
        this.typing = h("p", { class: "typing" });
        this.jump = h(
            "button", { class: "jump", type: "button", hidden: true, onclick: () => this.toEnd() }, t("jump"));
        this.scroller = h(
            "div", { class: "scroll", role: "log", "aria-live": "off", "aria-labelledby": "title", tabindex: "0",
                onscroll: () => this.scrolled() },
            this.earlierButton, this.greeting, this.list, this.typing, this.jump);
        this.field = h(
            "textarea",
            { id: "field", rows: "1", placeholder: t("placeholder"), "aria-label": t("message"),
                "aria-autocomplete": "list",
            "aria-controls": "mentions", "aria-describedby": "problem", enterkeyhint: "send", autocomplete: "off",
            oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.suggest([]) });
        this.sendButton = h(
            "button", { class: "send", type: "submit", "aria-label": t("send") }, icon("M5 12h13M12 5l7 7-7 7"));
        this.problem = h("p", { class: "problem", id: "problem", role: "alert", hidden: true });
        this.mentions = h(
            "div", { class: "mentions", id: "mentions", role: "listbox", "aria-label": t("suggestions"),
                hidden: true });
        this.form = h(
            "form", { onsubmit: (event) => this.submit(event) }, this.problem, this.mentions, this.field,
            this.sendButton);
        this.live = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
        this.panel = h(
            "section",
            { class: "panel", role: "dialog", "aria-labelledby": "title", "aria-describedby": "state", hidden: true },
            h("header", {}, h("div", {}, this.title, this.state),
                h("button",
                    { class: "close", type: "button", "aria-label": t("close"),
                        onclick: () => this.actions.toggle(false) }, icon("M6 6l12 12M18 6L6 18"))),
            this.scroller, this.form);
        this.root.append(this.panel, this.launcher, this.live);
        this.root.addEventListener("keydown", (event) => this.panelKey(event));
        this.enable();
    }

    /** The company's name, colour, greeting and agents. */
    configure({ name, colors, greeting, agents }) {
        this.name = name ?? "";
        this.agents = (agents ?? []).map((agent) => (typeof agent === "string" ? { name: agent } : agent));
        const colour = [colors?.primary, colors?.accent, ...Object.values(colors ?? {})].map(colourOf)
            .find(Boolean) ?? "#0d5c4b";
        this.palette.replaceSync(`.root { --accent: ${colour}; --on-accent: ${readableOn(colour)}; }`);
        this.title.textContent = this.name;
        this.greeting.replaceChildren(safeText(greeting || this.t("greeting")));
        this.update({ online: true, messages: [], outbox: [], drafts: [], typing: [], loaded: true, unread: 0 });
    }

    // -- state to elements

    update(state) {
        const stays = !this.atEnd;
        this.unread(state.unread);
        this.state.textContent = !state.online ? this.t("offline") : state.loaded ? this.t("hint") : this.t("loading");
        this.earlierButton.hidden = !state.hasEarlier;
        this.greeting.hidden = Boolean(state.hasEarlier);
        this.render(this.entries(state));
        const names = state.typing.map(
            (each) => (each.name ? this.agentLabel(each.name) : this.t("person", { name: this.name })));
        this.typing.textContent = state.drafts.length === 0 && names.length
            ? this.t("writing", { name: names.join(", ") }) : "";
        if (!stays) this.toEnd();
        this.jump.hidden = !stays || !state.fresh;
    }

    entries({ messages, outbox, drafts, online }) {
        const entries = [];
        let day = "", author = "";
        for (const message of messages) {
            const on = new Date(message.timestamp).toDateString();
            if (on !== day) {
                entries.push({ key: `day ${on}`, version: "", make: () => this.day(message.timestamp) });
                author = "";
            }
            day = on;
            const by = `${message.role} ${message.agentName ?? ""} ${message.metadata?.authorName ?? ""}`;
            const first = by !== author;
            author = by;
            entries.push(
                { key: message.clientMessageId && message.role === "customer" ? message.clientMessageId
                    : `m${message.seq}`,
                version: `${message.seq} ${message.editedAt} ${message.deletedAt} ${first}`,
                    make: () => this.message(message, first) });
        }
        for (const draft of drafts) {
            entries.push(
                { key: `draft ${draft.id}`, version: draft.content, make: () => this.draft(draft) });
        }
        for (const item of outbox) {
            const late = !online || Date.now() - item.at > 4000;
            entries.push(
                { key: item.id, version: `waiting ${late} ${item.failed}`, make: () => this.waiting(item, late) });
        }
        return entries;
    }

    /** Brings the list to these entries, leaving those that did not change in place. */
    render(entries) {
        const wanted = new Set(entries.map((entry) => entry.key));
        for (const [key, item] of this.items) {
            if (wanted.has(key)) continue;
            item.element.remove();
            this.items.delete(key);
        }
        let previous = null;
        for (const { key, version, make } of entries) {
            let item = this.items.get(key);
            if (!item || item.version !== version) {
                const element = make();
                item?.element.replaceWith(element);
                item = { element, version };
                this.items.set(key, item);
            }
            const place = previous ? previous.nextSibling : this.list.firstChild;
            if (place !== item.element) this.list.insertBefore(item.element, place);
            previous = item.element;
        }
    }

    day(timestamp) {
        const date = new Date(timestamp);
        const today = date.toDateString() === new Date().toDateString();
        return h(
            "li", { class: "day" },
            today ? this.t("today")
            : date.toLocaleDateString(this.t.lang, { weekday: "long", day: "numeric", month: "long" }));
    }

    message(message, first) {
        const date = new Date(message.timestamp);
        const kind = { customer: "mine", system: "system" }[message.role] ?? "other";
        return h(
            "li", { class: `message ${kind}${first ? " first" : ""}`, "data-seq": message.seq,
                "data-role": message.role },
            this.author(message, first), this.bubble(message),
            kind !== "system" && h("time", { datetime: message.timestamp },
                date.toLocaleTimeString(this.t.lang, { hour: "numeric", minute: "2-digit" })
                    + (message.editedAt && !message.deletedAt ? ` · ${this.t("edited")}` : "")));
    }

    author({ role, agentName, metadata }, first) {
        if (role === "system") return null;
        if (role === "customer") return h("span", { class: "unseen" }, this.t("you"));
        const unseen = first ? "who" : "unseen";
        if (role === "agent") return h(
            "span", { class: unseen }, this.agentLabel(agentName), " ", h("i", {}, this.t("agent")));
        return h("span", { class: unseen }, this.personLabel({ metadata }));
    }

    /** The person's own name where it came along, else the company's. */
    personLabel({ metadata }) { return plain(metadata?.authorName) || this.t("person", { name: this.name }); }

    agentLabel(name) { return name ? `@${name}` : this.t("somebody"); }

    bubble({ content, deletedAt }) {
        if (deletedAt) return h("div", { class: "bubble gone" }, this.t("deleted"));
        const bubble = h("div", { class: "bubble", dir: "auto" }, safeText(content));
        if (content.length < 1500 && content.split("\n").length < 25) return bubble;
        bubble.classList.add("long");
        const more = h("button", { class: "text", type: "button", onclick: () => {
            bubble.classList.remove("long");
            more.remove();
        } }, this.t("more"));
        const frame = document.createDocumentFragment();
        frame.append(bubble, more);
        return frame;
    }

    draft({ agentName, content }) {
        return h(
            "li", { class: "message other first draft", "aria-hidden": "true" },
            this.author({ role: "agent", agentName }, true),
            h("div", { class: "bubble", dir: "auto" }, safeText(content)));
    }

    waiting(item, late) {
        const note = item.failed ? `${this.t("failed")} ${item.failed}` : this.t(late ? "waiting" : "sending");
        const button = (name, action) => h(
            "button", { class: "text", type: "button", onclick: () => action(item.id) }, this.t(name));
        return h(
            "li", { class: "message mine first", "data-waiting": item.id },
            h("span", { class: "unseen" }, this.t("you")),
            this.bubble({ content: item.content }), h("span", { class: item.failed ? "note bad" : "note" }, note),
            item.failed && h("span", {}, button("again", this.actions.retry), button("discard", this.actions.discard)));
    }

    unread(count) {
        this.badge.hidden = !count;
        this.badge.textContent = count > 9 ? "9+" : String(count ?? "");
        const label = this.t("open", { name: this.name });
        this.launcher.setAttribute("aria-label", count ? `${label}. ${this.t("unread", { count })}` : label);
    }

    /** Reads a message out to those who listen instead of look. */
    announce(message) {
        const who = message.role === "agent" ? this.agentLabel(message.agentName) : this.personLabel(message);
        this.live.textContent = this.t("said", { who, text: message.content.slice(0, 500) });
    }

    // -- scrolling

    get atEnd() { return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 60; }

    toEnd() {
        this.scroller.scrollTop = this.scroller.scrollHeight;
        this.jump.hidden = true;
    }

    scrolled() {
        if (this.atEnd) this.jump.hidden = true;
    }

    async earlier() {
        const below = this.scroller.scrollHeight - this.scroller.scrollTop;
        await this.actions.earlier();
        this.scroller.scrollTop = this.scroller.scrollHeight - below;
    }

    // -- opening and closing

    get isOpen() { return !this.panel.hidden; }

    show(open, focus = true) {
        this.panel.hidden = !open;
        this.root.classList.toggle("open", open);
        this.launcher.setAttribute("aria-expanded", String(open));
        this.modality();
        if (open) this.toEnd();
        if (focus) (open ? this.field : this.launcher).focus();
    }

    /** On a phone the chat takes the whole screen and keeps the focus; its height follows the keyboard's. */
    modality() {
        const modal = this.isOpen && this.phone.matches && !this.options.inline;
        if (modal) this.panel.setAttribute("aria-modal", "true");
        else this.panel.removeAttribute("aria-modal");
        const view = modal && window.visualViewport;
        this.panel.style.height = view ? `${view.height}px` : "";
        this.panel.style.top = view ? `${view.offsetTop}px` : "";
        this.panel.style.bottom = view ? "auto" : "";
    }

    panelKey(event) {
        if (event.key === "Escape" && this.isOpen && !event.defaultPrevented) {
            event.stopPropagation();
            this.actions.toggle(false);
        } else if (event.key === "Tab" && this.panel.hasAttribute("aria-modal")) {
            const stops = [...this.panel.querySelectorAll("button, textarea, a[href], [tabindex='0']")]
                .filter((each) => !each.disabled && each.getClientRects().length > 0);
            const at = this.panel.getRootNode().activeElement;
            const leaving = event.shiftKey ? stops[0] : stops[stops.length - 1];
            if (at !== leaving) return;
            event.preventDefault();
            (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
        }
    }

    // -- writing

    get text() { return this.field.value; }
    set text(value) {
        this.field.value = value;
        this.enable();
    }

    enable() {
        const over = bytesOf(this.text) - 32_768;
        this.problem.hidden = over <= 0;
        this.problem.textContent = over > 0 ? this.t("tooLong", { count: over }) : "";
        this.sendButton.disabled = !this.text.trim() || over > 0;
        this.field.style.height = "";
        if (this.field.scrollHeight > this.field.clientHeight) this.field.style.height = `${Math.min(150, this.field.scrollHeight + 2)}px`;
    }

    typed() {
        this.enable();
        this.actions.draft(this.text);
        const before = this.text.slice(0, this.field.selectionStart);
        const start = /(?:^|[\s([{"'¿¡,;.!?:])@([a-z0-9-]{0,32})$/i.exec(before);
        this.suggest(start ? this.agents.filter((agent) => agent.name.startsWith(start[1].toLowerCase())) : []);
    }

    submit(event) {
        event.preventDefault();
        if (this.sendButton.disabled) return;
        const text = this.text.trim();
        this.text = "";
        this.actions.draft("");
        this.actions.send(text);
        this.toEnd();
        this.field.focus();
    }

    key(event) {
        if (!this.mentions.hidden) {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step) this.choose((this.chosen + step + this.suggested.length) % this.suggested.length);
            else if (event.key === "Enter" || event.key === "Tab") this.complete(this.suggested[this.chosen]);
            else if (event.key === "Escape") this.suggest([]);
            else return;
            event.preventDefault();
        } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            this.submit(event);
        }
    }

    suggest(agents) {
        this.suggested = agents;
        this.mentions.hidden = agents.length === 0;
        this.mentions.replaceChildren(...agents.map((agent, index) =>
            h("div", { role: "option", id: `option-${index}`, "aria-selected": "false",
                onmousedown: (event) => event.preventDefault(), onclick: () => this.complete(agent) },
                h("b", {}, `@${agent.name}`), agent.description && h("span", {}, agent.description))));
        if (agents.length) this.choose(0);
        else this.field.removeAttribute("aria-activedescendant");
    }

    choose(index) {
        this.chosen = index;
        [...this.mentions.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
        this.field.setAttribute("aria-activedescendant", `option-${index}`);
        this.mentions.children[index].scrollIntoView({ block: "nearest" });
    }

    complete(agent) {
        const caret = this.field.selectionStart;
        const start = this.text.lastIndexOf("@", caret - 1);
        const head = `${this.text.slice(0, start)}@${agent.name} `;
        this.text = head + this.text.slice(caret).replace(/^ /, "");
        this.field.setSelectionRange(head.length, head.length);
        this.field.focus();
        this.suggest([]);
        this.actions.draft(this.text);
    }
}

// --------------------------------------------------------------------------------------------------------- element

/** `<switchboard-chat>`: the chat of a key, or with `preview` only its looks. */
class SwitchboardChat extends HTMLElement {
    /** Shows the looks of these settings with sample messages; nothing is sent. */
    preview(config) {
        const nothing = () => {};
        this.view ??= new View(
            this, { inline: true, lang: this.lang },
            { toggle: nothing, send: nothing, retry: nothing, discard: nothing, draft: nothing, earlier: nothing });
        this.view.configure(config);
        const timestamp = new Date().toISOString();
        const agentName = config.agents?.[0]?.name ?? "sales";
        const messages = [
            { seq: 1, role: "customer", content: `@${agentName} ${this.view.t("question")}`, timestamp },
            { seq: 2, role: "agent", agentName, content: this.view.t("answer"), timestamp },
        ];
        this.view.update({ online: true, loaded: true, unread: 0, messages, outbox: [], drafts: [], typing: [] });
        this.view.show(true, false);
        this.view.field.disabled = true;
    }

    /** Puts the chat of `key` to work. */
    async start(base, key, options) {
        const client = (this.client = new Client(base, key));
        const view = (this.view = new View(this, options, {
            toggle: (open) => this.toggle(open), send: (text) => client.send(text), retry: (id) => client.retry(id),
            discard: (id) => client.discard(id), draft: (text) => {
                client.memory.set("draft", text || null);
                if (text) client.typed();
            },
            earlier: () => client.earlier().catch(() => {}),
        }));
        this.hidden = true;
        if (client.config) this.ready();
        try {
            await client.start();
        } catch (error) {
            console.warn(`Switchboard: ${view.t("broken", { detail: error.message })}`);
            client.emit("error", error);
            return;
        }
        this.ready();
    }

    ready() {
        const { client, view } = this;
        this.hidden = false;
        view.configure(client.config);
        this.refresh();
        if (this.isReady) return;
        this.isReady = true;
        view.text = client.memory.get("draft") ?? "";
        for (const name of ["changed", "loaded", "reset"]) client.on(name, () => this.refresh());
        client.on("incoming", (message) => {
            view.announce(message);
            client.emit("message", publicly(message));
        });
        if (client.tab.get("open") && !view.phone.matches) this.toggle(true, false);
        client.emit("ready");
        dispatchEvent(new CustomEvent("switchboard:ready"));
    }

    refresh() {
        if (this.due) return;
        this.due = true;
        queueMicrotask(() => {
            this.due = false;
            const { client, view } = this;
            const messages = client.transcript.sorted;
            const seen = view.isOpen && !document.hidden;
            const read = client.memory.get("read") ?? 0;
            const last = client.transcript.complete;
            if (seen && last > read) client.memory.set("read", last);
            const unread = seen ? 0
                : messages.filter((message) => message.seq > read && ["agent", "user"].includes(message.role)).length;
            const arrived = new Set(messages.map((message) => message.clientMessageId));
            view.update({
                messages, unread, online: client.online, hasEarlier: client.transcript.hasEarlier,
                loaded: client.loaded || !client.conversationId, fresh: last > (this.shown ?? 0) && this.shown > 0,
                outbox: client.outbox.filter((item) => !arrived.has(item.id)),
                drafts: [...client.drafts.values()].filter((draft) => draft.content),
                    typing: [...client.typing.values()],
            });
            this.shown = last;
            if (unread !== this.unread) client.emit("unread", (this.unread = unread));
        });
    }

    suggest(text) {
        if (!text || this.view.text.trim()) return;
        this.view.text = text;
        this.view.actions.draft(text);
    }

    toggle(open = !this.view.isOpen, focus = true) {
        if (open === this.view.isOpen || !this.isReady) return;
        this.view.show(open, focus);
        this.client.tab.set("open", open || null);
        if (open) this.client.begin();
        this.refresh();
        this.client.emit(open ? "open" : "close");
    }
}

const publicly = ({ id, seq, role, agentName, content, timestamp }) => (
    { id, seq, role, agentName, content, timestamp });

customElements.define(tagName, SwitchboardChat);

// ------------------------------------------------------------------------------------------------------------ boot

const key = tag?.dataset.key;
if (!key) return;
const chat = document.createElement(tagName);
const { lang, theme, side } = tag.dataset;
const place = () => {
    document.body.append(chat);
    chat.start(new URL(".", tag.src).href.replace(/\/$/, ""), key, { lang, theme, side });
};

const whenReady = (work) => (
    chat.isReady ? work() : chat.client?.on("ready", work)
    ?? addEventListener("switchboard:ready", work, { once: true }));

window.Switchboard = Object.freeze({
    /** Opens the chat; `text` is put into its field where that is empty. */
    open: ({ text } = {}) => whenReady(() => {
        chat.toggle(true);
        chat.suggest(text);
    }),
    /** Closes the chat. */
    close: () => whenReady(() => chat.toggle(false)),
    /** Tells who the visitor is: `{externalId, name?, email?, hash}`; `null` forgets everything (sign-out). */
    identify: (person) => new Promise(
        (resolve, reject) => whenReady(() => chat.client.identify(person).then(resolve, reject))),
    /** Listens to `ready, open, close, message, unread, error`; returns a function that stops listening. */
    on: (name, listener) => {
        let stop = () => {};
        let ended = false;
        const begin = () => { if (!ended) stop = chat.client.on(name, listener); };
        if (chat.client) begin();
        else addEventListener("DOMContentLoaded", begin, { once: true });
        return () => {
            ended = true;
            stop();
        };
    },
});

if (document.body) place();
else addEventListener("DOMContentLoaded", place, { once: true });
})();
