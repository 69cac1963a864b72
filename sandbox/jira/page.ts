import type { DateTime } from 'luxon';
import { users } from './catalogue.ts';
import type { Reply } from './faults.ts';
import type { Attachment, Comment, Issue, RemoteLink } from './state.ts';

/** What a person sees who opens an address: an issue, all of them, or that there is none. */
export function showPage(pathname: string, issues: readonly Issue[], timeZone: string): Reply {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  const key = decodeURIComponent(pathname.replace(/^\/browse\/?/, ''));
  const issue = issues.find((each) => each.key === key || each.formerKeys.includes(key));
  if (issue !== undefined) {
    return { status: 200, headers, body: issuePage(issue, timeZone) };
  }

  return pathname === '/' || key === ''
    ? { status: 200, headers, body: listPage(issues) }
    : {
        status: 404,
        headers,
        body: '<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><p>Такой задачи нет.</html>',
      };
}

/** An issue for people to look at. Text is shown as it is stored, markup included: this is no renderer. */
function issuePage(issue: Issue, timeZone: string): string {
  const { values } = issue;
  const moment = (at: DateTime) => at.setZone(timeZone).toFormat('dd.MM.yyyy HH:mm:ss');
  const rows: readonly (readonly [string, string])[] = [
    ['Тип', issue.type],
    ['Статус', issue.status],
    ['Решение', values.resolution ?? 'нет'],
    ['Приоритет', values.priority],
    ['Компоненты', values.components.join(', ')],
    ['Исправлено в версиях', values.fixVersions.join(', ')],
    ['Метки', values.labels.join(', ')],
    ['Исполнитель', nameOf(values.assignee)],
    ['Автор', nameOf(issue.reporter)],
    ['Создано', moment(issue.created)],
    ['Обновлено', moment(issue.updated)],
  ];
  return htmlDocument(
    `${issue.key} ${values.summary}`,
    `<p class="key">${escapeHtml(issue.key)}</p><h1>${escapeHtml(values.summary)}</h1>
<table>${rows.map(([name, value]) => `<tr><th>${name}<td>${escapeHtml(value)}`).join('')}</table>
<h2>Описание</h2><pre>${escapeHtml(values.description ?? '')}</pre>
<h2>Описание решения</h2><pre>${escapeHtml(values.customfield_10200 ?? '')}</pre>
<h2>Ссылки</h2><ul>${issue.remoteLinks.map(linkItem).join('')}</ul>
<h2>Файлы</h2><ul>${issue.attachments.map(fileItem).join('')}</ul>
<h2>Комментарии</h2>${issue.comments.map((comment) => commentBlock(comment, moment)).join('')}`,
  );
}

/** All issues, newest first. */
function listPage(issues: readonly Issue[]): string {
  const row = ({ key, status, values }: Issue) =>
    `<tr><td><a href="/browse/${encodeURIComponent(key)}">${escapeHtml(key)}</a><td>${escapeHtml(status)}<td>${escapeHtml(values.summary)}`;
  return htmlDocument('Задачи', `<h1>Задачи</h1><table>${issues.toReversed().map(row).join('')}</table>`);
}

function fileItem({ id, name, content }: Attachment): string {
  const address = `/secure/attachment/${id}/${encodeURIComponent(name)}`;
  return `<li><a href="${escapeHtml(address)}">${escapeHtml(name)}</a>, ${content.size} Б`;
}

function linkItem({ content }: RemoteLink): string {
  const { url = '', title = '' } = (content.object ?? {}) as { url?: string; title?: string };
  return `<li>${escapeHtml(String(content.relationship ?? ''))}: <a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(title)}</a>`;
}

function commentBlock(comment: Comment, moment: (at: DateTime) => string): string {
  const restricted = comment.visibility === undefined ? '' : ` <em>только ${escapeHtml(comment.visibility.value)}</em>`;
  return `<h3>${escapeHtml(nameOf(comment.author))}, ${moment(comment.created)}${restricted}</h3><pre>${escapeHtml(comment.body)}</pre>`;
}

function nameOf(login: string | null): string {
  return users.find(({ name }) => name === login)?.displayName ?? login ?? 'нет';
}

function htmlDocument(title: string, content: string): string {
  return `<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}th{text-align:left;padding-right:2rem}
td{padding-right:1rem}pre{white-space:pre-wrap;background:#f4f5f7;padding:.7rem;border-radius:4px}h1{margin-top:0}.key{margin:0;color:#5e6c84}
h3{font-size:1rem;margin:1rem 0 .3rem}</style>${content}</html>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
