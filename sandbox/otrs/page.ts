import type { SandboxTicket } from './desk/model.ts';
import { naive } from './operations/ticket-get.ts';
import { ticketFields } from './world.ts';

const LABELS: Readonly<Record<string, string>> = {
  ClosureCode: 'Код закрытия',
  ConfigItem: 'Конфигурационная единица',
  JiraKey: 'Задача JIRA',
  JiraStatus: 'Статус в JIRA',
  JiraUrl: 'Ссылка на задачу',
  NeedDevelopment: 'Нужна доработка',
  Solution: 'Решение',
  InfoComplete: 'Сведения',
  DiagnosisDone: 'Диагностика завершена',
  Workaround: 'Временное решение',
  UpdateInstalled: 'Обновление установлено',
  RelatedSystem: 'Смежная система',
  ExternalNumber: 'Номер во внешней системе',
  ReturnReason: 'Причина возврата',
  Returns: 'Возвратов',
  SlaReactionDue: 'Срок реакции',
  SlaDiagnosisDue: 'Срок диагностики',
  SlaWorkaroundDue: 'Срок временного решения',
  SlaResolutionDue: 'Срок постоянного решения',
  SlaStatus: 'Ход срока',
};

/** The ticket as an agent would see it: enough that links of a demonstration open something readable. */
export function renderTicket(ticket: SandboxTicket, zone: string): string {
  const { customer } = ticket;
  const facts: readonly (readonly [string, string])[] = [
    ['Состояние', ticket.state],
    ['Приоритет', ticket.priority],
    ['Тип', ticket.type],
    ['Сервис', ticket.service],
    ['Очередь', ticket.ticketQueue],
    ['Владелец', ticket.owner.name],
    ['Инициатор', customer === undefined ? '—' : `${customer.name} <${customer.email}>, ${customer.company}`],
    ['Создана', naive(ticket.createdAt, zone)],
    ['Изменена', naive(ticket.changedAt, zone)],
    ...Object.entries(ticketFields).map(([name, definition]) => {
      const value = ticket.fields[name] ?? '';
      return [LABELS[name] ?? name, definition.values?.[String(value)] ?? String(value)] as const;
    }),
  ];
  return frame(
    `Заявка ${ticket.number}`,
    `<h1>${escapeHtml(ticket.title)}</h1><p>Заявка ${ticket.number} · учебная служба поддержки OTRS</p>
<table>${facts.map(([label, value]) => `<tr><th>${escapeHtml(label)}</th><td>${linked(value)}</td></tr>`).join('')}</table>
${ticket.articles
  .map(
    (article) => `<article class="${article.isVisibleForCustomer ? 'public' : 'internal'}">
<h2>${escapeHtml(article.subject)}</h2>
<p class="by">${escapeHtml(article.from)} · ${naive(article.createdAt, zone)} · ${article.isVisibleForCustomer ? 'видна инициатору' : 'внутренняя'}</p>
<pre>${escapeHtml(article.body)}</pre></article>`,
  )
  .join('')}`,
  );
}

export function renderList(tickets: readonly SandboxTicket[]): string {
  const rows = tickets
    .toReversed()
    .map(
      ({ id, number, title, state, ticketQueue, priority }) =>
        `<tr><td><a href="?Action=AgentTicketZoom;TicketID=${id}">${number}</a></td><td>${escapeHtml(title)}</td>` +
        `<td>${escapeHtml(state)}</td><td>${escapeHtml(priority)}</td><td>${escapeHtml(ticketQueue)}</td></tr>`,
    );
  return frame('Заявки', `<h1>Учебная служба поддержки OTRS</h1><table>${rows.join('')}</table>`);
}

function frame(title: string, body: string): string {
  return `<!doctype html><html lang="ru"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}th,td{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
article{border-left:.3rem solid #888;padding:.1rem 1rem;margin:1rem 0}article.public{border-color:#2a7}h2{font-size:1rem;margin:.5rem 0 0}.by{color:#555;margin:0}pre{white-space:pre-wrap;font:inherit}</style>
${body}</html>`;
}

function linked(value: string): string {
  return /^https?:\/\/\S+$/.test(value) ? `<a href="${escapeHtml(value)}">${escapeHtml(value)}</a>` : escapeHtml(value);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
