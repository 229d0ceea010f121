import { Readable } from 'node:stream';
import { OpsError } from '../ops-error.ts';
import type { LiveStep } from './event-timeline.ts';
import type { TimelineRecorder } from './timeline-recorder.ts';

/** Which steps a stream contains. Every given field must match. */
export interface LiveFilter {
  readonly type?: string | undefined;
  readonly channel?: string | undefined;
  readonly group?: string | undefined;
}

const MAX_STREAMS = 20;
/** Maximum size of steps that a client has not read yet. Further steps are dropped and counted. */
const MAX_BUFFERED = 256 * 1024;
const HEARTBEAT_MS = 15_000;

/** Streams of server-sent events with the steps that a recorder records. */
export class LiveStreams {
  readonly #recorder: TimelineRecorder;
  readonly #open = new Set<Readable>();

  constructor(recorder: TimelineRecorder) {
    this.#recorder = recorder;
  }

  /**
   * Opens a stream. The stream sends each step as an event `step`. If the client reads too slowly, the stream drops
   * steps and sends an event `dropped` with their number.
   *
   * @throws OpsError - `too_many_streams`
   */
  open(filter: LiveFilter): Readable {
    if (this.#open.size >= MAX_STREAMS) {
      throw new OpsError(
        'too_many_streams',
        `${MAX_STREAMS} clients read live events: close a stream, then try again.`,
      );
    }
    let dropped = 0;
    const stop = this.#recorder.listen((step) => {
      if (!matches(step, filter)) return;
      if (stream.readableLength > MAX_BUFFERED) {
        dropped += 1;
        return;
      }
      if (dropped > 0) stream.push(`event: dropped\ndata: ${JSON.stringify({ count: dropped })}\n\n`);
      dropped = 0;
      stream.push(`event: step\ndata: ${JSON.stringify(step)}\n\n`);
    });
    const heartbeat = setInterval(() => {
      if (stream.readableLength === 0) stream.push(': alive\n\n');
    }, HEARTBEAT_MS).unref();
    const stream: Readable = new Readable({ read: () => {} });
    stream.once('close', () => {
      stop();
      clearInterval(heartbeat);
      this.#open.delete(stream);
    });
    // The client knows that the stream is open before the first step.
    stream.push(': open\n\n');
    this.#open.add(stream);
    return stream;
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#open) stream.push(null);
  }
}

function matches({ type, channel, entry }: LiveStep, filter: LiveFilter): boolean {
  return (
    (filter.type === undefined || type === filter.type) &&
    (filter.channel === undefined || channel === filter.channel) &&
    (filter.group === undefined || entry.group === filter.group)
  );
}
