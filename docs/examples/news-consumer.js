// Prints the news of the bridge: RABBITMQ_URL=amqp://… node docs/examples/news-consumer.js
import { connect } from 'amqplib';

const connection = await connect(process.env.RABBITMQ_URL);
const channel = await connection.createChannel();
await channel.assertQueue('duty-desk.news', { arguments: { 'x-queue-type': 'quorum', 'x-max-length': 100_000 } });
await channel.bindQueue('duty-desk.news', 'bridge.news', 'ticket.#');
await channel.consume('duty-desk.news', (message) => {
  const { id, type, time, data } = JSON.parse(message.content.toString('utf8'));
  console.log(time, type, data.ticket?.key ?? '-', data.stage ?? data.code ?? data.issue?.key ?? '', id);
  channel.ack(message);
});
