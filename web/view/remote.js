// SPDX-License-Identifier: Apache-2.0
//
// The worker as a function: `ask(task, facts)` is a promise of its answer.

/** An answer of the worker that says what does not fit (core/integers.js, Unfit). */
export class Refused extends Error {
  constructor(message, unfit) {
    super(message);
    this.unfit = unfit;
  }
}

export class Remote {
  constructor(url) {
    this._worker = new Worker(url);
    this._waiting = new Map();
    this._next = 1;
    this._worker.onmessage = ({ data }) => this._answer(data);
    this._worker.onerror = (event) => this._fail(event.message);
  }

  /** `onPart` is called with every part that comes before the answer. The promise has the id. */
  ask(task, facts = {}, onPart = () => {}) {
    const id = this._next++;
    const promise = new Promise((resolve, reject) => this._waiting.set(id, { resolve, reject, onPart }));
    promise.id = id;
    this._worker.postMessage({ ...facts, task, id });
    return promise;
  }

  _answer({ id, result, part, error, unfit }) {
    const waiting = this._waiting.get(id);
    if (!waiting) return;
    if (part) return void waiting.onPart(part);
    this._waiting.delete(id);
    if (error) waiting.reject(new Refused(error, unfit));
    else waiting.resolve(result);
  }

  _fail(message) {
    for (const { reject } of this._waiting.values()) reject(new Error(message));
    this._waiting.clear();
  }
}
