/** An answer of the API that is no success, as problem+json describes it; `status` 0 when no answer came. */
export class Problem extends Error {
    /**
     * @param {number} status
     * @param {{detail?: string, title?: string, code?: string, requestId?: string, errors?: Array}} body
     * @param {number} [retryAfter] seconds
     */
    constructor(status, body = {}, retryAfter = 0) {
        super(body.detail ?? body.title
            ?? (status ? `The server answered ${status}.` : "The server cannot be reached."));
        this.status = status;
        this.code = body.code ?? "";
        this.requestId = body.requestId ?? "";
        this.errors = body.errors ?? [];
        this.retryAfter = retryAfter;
    }

    /** Whether the same request may succeed later. */
    get passes() {
        return [0, 408, 425, 429].includes(this.status) || this.status >= 500;
    }

    /** The message about one field, or about something in it, if there is one. */
    about(field) {
        const isIn = (name) => name === field || name?.startsWith(`${field}.`) || name?.startsWith(`${field}[`);
        return this.errors.find((each) => isIn(each.field))?.message ?? "";
    }

    /** Reads it from a response. */
    static async from(response) {
        const body = await response.json().catch(() => ({}));
        return new Problem(response.status, body, Number(response.headers.get("Retry-After")) || 0);
    }
}
