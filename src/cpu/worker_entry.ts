/** Entry of a CPU worker thread in Node. */
import { parentPort } from 'node:worker_threads';
import type { TeamMessage } from './team.ts';
import { serveTeam } from './team.ts';

const port = parentPort;
if (port === null) throw new Error('worker_entry runs in a worker thread');
port.on(
  'message',
  (() => {
    const handle = serveTeam((reply) => {
      port.postMessage(reply);
    });
    return (message: TeamMessage) => {
      handle(message);
    };
  })(),
);
