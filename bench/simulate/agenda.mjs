/** What is to happen, in the order of its time; of two at the same time, the one that was put in first. A binary heap. */
export class Agenda {
  #heap = [];
  #count = 0;
  now = 0;
  handled = 0;

  at(time, act) {
    const heap = this.#heap;
    const entry = { time: Math.max(time, this.now), order: this.#count++, act };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = entry;
  }

  after(delay, act) {
    this.at(this.now + delay, act);
  }

  /** Until nothing is left, or the time has come. */
  run(until) {
    while (this.#heap.length > 0 && this.#heap[0].time <= until) {
      const { time, act } = this.#take();
      this.now = time;
      this.handled += 1;
      act();
    }
  }

  #take() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      let index = 0;
      for (;;) {
        let child = 2 * index + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
        if (!isBefore(heap[child], last)) break;
        heap[index] = heap[child];
        index = child;
      }
      heap[index] = last;
    }
    return first;
  }
}

function isBefore(one, other) {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}
