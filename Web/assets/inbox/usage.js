import { all, get } from "./api.js";
import { has } from "./capabilities.js";
import { byAgent, byDay, quantile, totals } from "./statistics.js";

const dayOf = (time) => new Date(time).toISOString().slice(0, 10);

/**
 * What the agents did in the last days: sums, days, agents, the latest records, and the month's budget if there is one.
 *
 * @param {number} days
 */
export async function readUsage(days) {
    if (!(await has("GET", "/api/usage"))) return fromLogs(await all("/agent-logs", 2000), days);
    const from = dayOf(Date.now() - (days - 1) * 86_400_000);
    const [perDay, perAgent, logs] = await Promise.all([
        get(`/usage?from=${from}&group=day`), get(`/usage?from=${from}&group=agent`), get("/agent-logs?limit=100")]);
    return counted(perDay, perAgent.data, logs.data, days);
}

/** As the server counted it; only the times to answer are those of the latest records. */
function counted({ total, data, budget }, agents, logs, days) {
    const of = (each) => logs.filter((log) => log.agent === each.key).map((log) => log.latencyMs ?? 0);
    const times = logs.map((log) => log.latencyMs ?? 0);
    return {
        sum: { turns: total.turns, failed: total.failures, handoffs: total.handoffs,
            tokens: total.tokensIn + total.tokensOut, costMicros: total.costMicros,
            median: quantile(times, 0.5), slow: quantile(times, 0.95) },
        days: filled(data, days),
        agents: agents.map((each) => ({ agent: each.key, turns: each.turns, costMicros: each.costMicros,
            median: quantile(of(each), 0.5) })).sort((a, b) => b.turns - a.turns),
        logs, budget: budget?.monthlyCostMicros || budget?.monthlyTurns ? budget : null,
    };
}

/** Each of the last days by UTC, also those on which nothing happened. */
function filled(parts, days) {
    return Array.from({ length: days }, (_, index) => {
        const key = dayOf(Date.now() - (days - 1 - index) * 86_400_000);
        const part = parts.find((each) => each.key === key) ?? { turns: 0, failures: 0 };
        const [year, month, day] = key.split("-").map(Number);
        return { date: new Date(year, month - 1, day), total: part.turns, good: part.turns - part.failures,
            bad: part.failures };
    });
}

function fromLogs(logs, days) {
    const since = Date.now() - days * 86_400_000;
    const recent = logs.filter((log) => new Date(log.createdAt) >= since);
    return { sum: totals(recent), days: byDay(recent, days), agents: byAgent(recent), logs: recent.slice(0, 100),
        budget: null };
}
