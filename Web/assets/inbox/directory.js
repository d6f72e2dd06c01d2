import { all } from "./api.js";

/** Who is who in the company: members by id, agents by name. Read once, again after a change. */
export class Directory {
    #members = null;
    #agents = null;

    members() {
        return (this.#members ??= all("/members").catch(() => {
            this.#members = null;
            return [];
        }));
    }

    agents() {
        return (this.#agents ??= all("/agents").catch(() => {
            this.#agents = null;
            return [];
        }));
    }

    /** The name of a member, or of an agent with its `@`; the id itself when nobody has it. */
    async nameOf(id) {
        if (id.startsWith("agent:")) return `@${id.slice(6)}`;
        const member = (await this.members()).find((each) => each.userId === id);
        if (member) return member.name ?? member.email;
        return (await this.agents()).some((each) => each.name === id) ? `@${id}` : id;
    }

    forget() {
        this.#members = null;
        this.#agents = null;
    }
}
