import { all } from "./api.js";
import { Bus } from "./bus.js";
import { has } from "./capabilities.js";

/** Which colleagues are here, and what they have open; `changed` when that changed. */
export class Presence extends Bus {
    #people = new Map();

    /**
     * @param {import("./bus.js").Bus} feed
     * @param {string} userId of the person who looks
     */
    constructor(feed, userId) {
        super();
        this.userId = userId;
        this.stops = [
            feed.on("ask", () => this.#read()),
            feed.on("presence", (person) => {
                this.#people.set(person.userId, person);
                this.emit("changed");
            }),
        ];
    }

    stop() {
        this.stops.forEach((stop) => stop());
    }

    isHere(userId) {
        return this.#people.get(userId)?.online ?? false;
    }

    /** The ids of the colleagues who have a conversation open. */
    with(conversationId) {
        return [...this.#people.values()].filter((person) => person.userId !== this.userId
            && person.conversationIds?.includes(conversationId)).map((person) => person.userId);
    }

    async #read() {
        if (!(await has("GET", "/api/presence"))) return;
        try {
            this.#people = new Map((await all("/presence")).map((person) => [person.userId, person]));
            this.emit("changed");
        } catch { /* a courtesy: the next event says more */ }
    }
}
