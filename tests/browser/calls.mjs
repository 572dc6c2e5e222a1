/**
 * Suite 2: live calls in which every description and every candidate passes through Carillon. A call has gone through
 * when both sides are connected and each has heard all that was agreed: packets, decoded frames, messages.
 */

import { candidatesOf, fragmentOf } from './sdp.mjs';

const SHAPES = [['audio'], ['audio', 'video'], ['data'], ['audio', 'video', 'data']];
const PATIENCE = 20_000;
const ENOUGH = { audio: 5, video: 3, data: 2 };

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export const allCalls = () => SHAPES.flatMap((kinds) => [false, true].map((gathered) => (
    { kinds, gathered, name: `${kinds.join('+')}, ${gathered ? 'gathered' : 'trickled'}` })));

/** What stands in for the translator when a failure has to be told from one of the machine's. */
export const untranslated = { offer: async (sdp) => sdp, answer: async (sdp) => sdp, fragment: async (text) => text };

/** Carries what `from` has found to `to`. */
async function trickle(translator, role, from, to) {
    const found = await from.browser.run('takeCandidates', { name: from.name });
    if (found.length === 0) return;
    const text = fragmentOf(from.sdp, found);
    if (text === '') return;
    const candidates = candidatesOf(await translator.fragment(text, role));
    await to.browser.run('addCandidates', { name: to.name, candidates });
}

const hasHeardAll = ({ state, heard }, kinds) => (
    state === 'connected' && kinds.every((kind) => heard[kind] >= ENOUGH[kind]));

async function untilHeard({ kinds, gathered }, translator, sides) {
    const [caller, callee] = sides;
    const end = Date.now() + PATIENCE;
    for (;;) {
        if (!gathered) {
            await trickle(translator, 'initiator', caller, callee);
            await trickle(translator, 'responder', callee, caller);
        }
        const reached = await Promise.all(sides.map(({ browser, name }) => browser.run('progress', { name })));
        if (reached.every((one) => hasHeardAll(one, kinds))) return reached;
        if (Date.now() > end) throw new Error(`not there after ${PATIENCE / 1000} s: ${JSON.stringify(reached)}`);
        await pause(100);
    }
}

async function negotiate(call, translator, caller, callee) {
    const { kinds, gathered } = call;
    caller.sdp = await caller.browser.run('offerCall', { name: caller.name, kinds, gathered });
    const heard = await translator.offer(caller.sdp);
    callee.sdp = await callee.browser.run('answerCall', { name: callee.name, kinds, gathered, sdp: heard });
    const answer = await translator.answer(callee.sdp, { heard, said: caller.sdp });
    await caller.browser.run('finishCall', { name: caller.name, sdp: answer });
}

let calls = 0;

/** Plays one call from a page of `from` to one of `to`; gives what each side heard. */
export async function play(call, translator, from, to) {
    const number = ++calls;
    const sides = [{ browser: from, name: `caller ${number}` }, { browser: to, name: `callee ${number}` }];
    try {
        await negotiate(call, translator, ...sides);
        return (await untilHeard(call, translator, sides)).map(({ heard }) => heard);
    } finally {
        for (const { browser, name } of sides) await browser.run('endCall', { name });
    }
}
