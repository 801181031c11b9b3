// reads its own package.json, data files as JSON
import nodemailer from 'nodemailer';

async function main() {
  const transport = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'unix',
  });
  const { message } = await transport.sendMail({
    from: 'a@example.org',
    to: 'b@example.org',
    messageId: '<1@example.org>',
    date: new Date(0),
    text: 'hello',
  });
  console.log(message.toString());
}
void main();
