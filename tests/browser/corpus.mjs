/**
 * Suite 1: every description of the corpus, translated, is taken by the browser as its original is.
 *
 * An offer is set, answered, and the answer set. An answer is set after an offer of the browser's own with the same
 * m-lines; where the browser refuses the original there, after one that takes over the corpus' mids and payload types;
 * where it refuses that too, without the header extensions that it did not offer.
 * What the browser then knows (transceivers, codecs, extensions, its own answer) must be the same for both.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { difference, lasting, rejectedMids, shapeOf } from './sdp.mjs';
import { Translator } from './translator.mjs';

export const ENDPOINTS = ['chromium', 'firefox', 'aiortc'];

/** {endpoint, name, role, original, offer}: `offer` is the description that an answer belongs to. */
export function readCorpus(folder) {
    return ENDPOINTS.flatMap((endpoint) => {
        const files = readdirSync(join(folder, endpoint)).filter((file) => file.endsWith('.sdp')).sort();
        return files.map((file) => {
            const [scenario, kind] = file.split('.');
            const role = kind.split('-')[0];
            const path = join(folder, endpoint, file);
            return {
                endpoint, role, path, name: `${endpoint}/${file}`, original: Translator.read(path),
                offerPath: role === 'answer' ? join(folder, endpoint, `${scenario}.offer.sdp`) : undefined,
            };
        });
    });
}

/** Runs `work` for all items, a few at a time. */
export async function forAll(items, width, work) {
    const queue = items.entries();
    await Promise.all(Array.from({ length: width }, async () => {
        for (const [, item] of queue) await work(item);
    }));
}

/** Adds `translated` to every item, or `refusal` where Carillon itself refuses it. */
export async function translateCorpus(items, translator) {
    const offers = items.filter((item) => item.role === 'offer');
    const keep = (item, text) => { item.translated = text; };
    try {
        (await translator.offers(offers.map((item) => item.path))).forEach((text, at) => keep(offers[at], text));
    } catch {
        await forAll(offers, 2, async (item) => {
            try {
                keep(item, (await translator.offers([item.path]))[0]);
            } catch (error) {
                item.refusal = error.message;
            }
        });
    }
    const byPath = new Map(offers.map((item) => [item.path, item]));
    await forAll(items.filter((item) => item.role === 'answer'), 2, async (item) => {
        const offer = byPath.get(item.offerPath);
        item.offer = offer.original;
        try {
            keep(item, await translator.answer(item.original, { heard: offer.original, said: offer.original }));
        } catch (error) {
            item.refusal = error.message;
        }
    });
}

const waysOf = (item) => (item.role === 'offer'
    ? [{ call: 'takeOffer', given: (sdp) => ({ sdp }) }]
    : [
        { call: 'takeAnswer', given: (answer) => ({ shape: shapeOf(item.offer), answer }) },
        { call: 'takeAnswerReflected', given: (answer) => ({ offer: item.offer, answer }) },
        { call: 'takeAnswerReflected', given: (answer) => ({ offer: item.offer, answer, trim: true }) },
    ]);

/**
 * What was understood, as lines; without the m-lines that the offer had rejected before: they are not translated.
 * Trickling counts where it was said: Carillon adds it where no ICE option stands at all (docs/mapping.md), and writes
 * rejected m-lines bare, without ICE options; Firefox asks all m-lines, Chromium the first.
 */
function knownLines(outcome, { rejected, saysTrickle }) {
    const { transceivers, sctp, trickle } = outcome.understood;
    const known = {
        transceivers: transceivers.filter(({ mid }) => !rejected.has(mid)), sctp, trickle: trickle || !saysTrickle,
    };
    return [
        ...JSON.stringify(known, null, 1).split('\n'),
        ...(outcome.answer ? lasting(outcome.answer, rejected) : []),
    ];
}

/** {verdict: passed | failed | skipped, why}: what this browser makes of one description. */
export async function judge(browser, item) {
    if (item.refusal) return { verdict: 'failed', why: item.refusal };
    const refusals = [];
    const exceptions = {
        rejected: item.role === 'offer' ? rejectedMids(item.original) : new Set(),
        saysTrickle: rejectedMids(item.original).size === 0 && /^a=ice-options:.*\btrickle\b/m.test(item.original),
    };
    for (const { call, given } of waysOf(item)) {
        const original = await browser.run(call, given(item.original));
        if (!original.accepted) {
            refusals.push(original.error);
            continue;
        }
        const translated = await browser.run(call, given(item.translated));
        if (!translated.accepted) return { verdict: 'failed', way: call, why: translated.error };
        const changes = difference(knownLines(original, exceptions), knownLines(translated, exceptions));
        if (changes.length > 0) {
            return { verdict: 'failed', way: call, why: `taken, but understood differently:\n${changes.join('\n')}` };
        }
        return { verdict: 'passed', way: call };
    }
    return { verdict: 'skipped', why: refusals.at(-1) };
}
