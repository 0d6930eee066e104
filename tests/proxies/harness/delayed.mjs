// An origin in a process of its own that does nothing but wait: `GET /…?delay=ms` is answered so many ms later.
// Written on bare sockets, since what it takes itself is time that nobody asked for.
import { once } from 'node:events';
import { createServer } from 'node:net';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n';
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {}).on('data', (request) => {
    const text = request.toString('latin1');
    const from = text.indexOf('delay=') + 6;
    setTimeout(() => socket.write(ANSWER), Number(text.slice(from, text.indexOf(' ', from))));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send(server.address().port);
process.on('disconnect', () => process.exit());
