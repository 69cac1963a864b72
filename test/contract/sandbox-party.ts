import { contentOf } from '../../sandbox/jira/file-content.ts';
import type { SandboxOtrs } from '../../sandbox/otrs/server.ts';
import { startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { agents, BRIDGE_ID } from '../../sandbox/otrs/world.ts';
import type { ArticleDraft, Upload } from '../e2e/otrs/agent.ts';
import { startHookListener } from '../e2e/otrs/hook-listener.ts';
import type { Acting, Party } from './party.ts';
import { webhooksOf } from './stage.ts';

const webService = 'otrs-jira-bridge';

export async function startSandboxParty(): Promise<Party> {
  const listener = await startHookListener();
  const sandbox = await startSandboxOtrs({
    webService,
    webhook: { url: `${listener.url}/webhooks/otrs`, secret: 'contract', silentUserId: BRIDGE_ID },
  });
  return {
    baseUrl: sandbox.url,
    webService,
    soapWebService: `${webService}-soap`,
    bridge: { login: 'bridge', password: 'bridge' },
    userIds: Object.fromEntries(agents.map(({ login, id }) => [login, String(id)])),
    agent: (login) => agentOf(sandbox, login),
    writeAsCustomer: async (ticket, from, article) =>
      sandbox.addArticle(ticket, {
        ...toArticle(article),
        visibility: 'public',
        from,
        by: 'user.volga',
        historyComment: '%%Note',
      }),
    webhooks: webhooksOf(listener, sandbox.settled),
    sendAs: async (shape) => sandbox.shapeWebhooks(shape),
    // The sandbox has it from the beginning.
    installAddOn: async () => undefined,
    async stop() {
      await sandbox.stop();
      await listener.stop();
    },
  };
}

function agentOf(sandbox: SandboxOtrs, login: string): Acting {
  return {
    async open({ queue, customer, title, body, attachments, mimeType: _, ...draft }) {
      const { id, number } = sandbox.createTicket({
        ...draft,
        ...toFiles(attachments),
        title,
        text: body,
        ticketQueue: queue,
        customer,
        by: login,
      });
      return { id, number, articleId: String(sandbox.ticket(id).articles[0]?.id) };
    },
    move: async (ticket, queue) => sandbox.moveToQueue(ticket, queue, login),
    async setState(ticket, state, pendingMinutes) {
      sandbox.setState(ticket, state, login);
      if (pendingMinutes !== undefined) {
        sandbox.remindIn(ticket, pendingMinutes, login);
      }
    },
    setPriority: async (ticket, priority) => sandbox.setPriority(ticket, priority, login),
    setType: async (ticket, type) => sandbox.setType(ticket, type, login),
    setService: async (ticket, service) => sandbox.setService(ticket, service, login),
    setTitle: async (ticket, title) => sandbox.setTitle(ticket, title, login),
    setOwner: async (ticket, owner) => sandbox.setOwner(ticket, owner, login),
    setField: async (ticket, name, value) => sandbox.setField(ticket, name, value, login),
    write: async (ticket, article) =>
      sandbox.addArticle(ticket, {
        ...toArticle(article),
        visibility: article.public ? 'public' : 'internal',
        from: login,
        by: login,
        historyComment: '%%Note',
      }),
    merge: async (ticket, into) => sandbox.merge(ticket, into, login),
    delete: async (ticket) => sandbox.deleteTicket(ticket, login),
    archive: async (ticket, flag) => sandbox.archive(ticket, flag === 'y', login),
  };
}

function toArticle({ subject, body, attachments }: Omit<ArticleDraft, 'public'>) {
  return { subject, text: body, ...toFiles(attachments) };
}

function toFiles(uploads: readonly Upload[] = []) {
  return {
    attachments: uploads.map(({ name, contentType, content }) => ({ name, contentType, content: contentOf(content) })),
  };
}
