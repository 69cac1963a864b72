import { closed, expectThat, hasArticle, hasComment, hasFile, issueOf, reached, textFile } from './expectations.ts';
import type { Story } from './story.ts';

const SUPPORT = {
  service: 'NTTM: Техническая поддержка',
  type: 'Инцидент',
  ticketQueue: 'NTTM::2ЛТП',
  state: 'Назначено',
} as const;

/** Tickets that stay in the help desk or go to line 3 in JIRA. */
export const issueStories: readonly Story[] = [
  {
    title: 'Не создаётся заявка в ЕИП',
    shows: 'line 2 hands a defect over by moving the ticket; comments and files go both ways; the resolution closes it',
    async play(scene, { says }) {
      const { otrs, jira } = scene;
      says('user.volga registers an incident of priority 3; nothing is escalated');
      const { id } = otrs.createTicket({
        ...SUPPORT,
        title: 'Не создаётся заявка в ЕИП — ошибка 500',
        text: 'Шаги: открыть инцидент 554321, нажать «Отправить в ЕИП». Ожидаю: заявка создана. Получаю: ошибка 500.',
        priority: '3 Средний',
      });
      says('petrova.2l takes it, writes an internal note, and hands it over to line 3');
      otrs.setState(id, 'В работе');
      otrs.addArticle(id, {
        text: 'Похоже на вчерашнюю доработку шлюза. Пользователю не говорить.',
        visibility: 'internal',
      });
      otrs.moveToQueue(id, 'NTTM::3ЛТП');
      const key = await issueOf(scene, id);
      await reached(scene, 'the ticket shows that line 3 has it', () => otrs.ticket(id).state === 'Передано на 3ЛТП');

      says('developer.3l starts and asks; the requester answers in OTRS and attaches a log and a program');
      jira.transition(key, 'В работе');
      jira.comment(key, 'Повторяется ли ошибка на других заявках?');
      await reached(scene, 'the question is in the ticket', () => hasArticle(otrs.ticket(id), 'Повторяется ли ошибка'));
      otrs.addArticle(id, {
        text: 'Да, на всех заявках по «Волге» 😕',
        by: 'user.volga',
        attachments: [textFile('журнал обмена.log', '10:00 ошибка 500'), textFile('проверка.exe', 'MZ')],
      });
      await reached(scene, 'the answer is in the issue', () => hasComment(scene, key, 'на всех заявках'));
      await reached(scene, 'the log is in the issue', () => hasFile(scene, key, 'журнал обмена.log'));
      await reached(scene, 'the ticket says why the program stayed', () =>
        hasArticle(otrs.ticket(id), '«проверка.exe» не перенесён'),
      );

      says('developer.3l resolves the issue with solution and component');
      jira.setFields(key, {
        customfield_10200: 'Исправлен адрес шлюза ЕИП, обмен восстановлен.',
        components: [{ name: 'Интеграция' }],
      });
      jira.transition(key, 'Решено', { resolution: 'Исправлено' });
      await closed(scene, id, {
        ClosureCode: 'fixed',
        ConfigItem: 'integration',
        Solution: 'Исправлен адрес шлюза ЕИП, обмен восстановлен.',
      });
      expectThat('the internal note never left OTRS', !hasComment(scene, key, 'Пользователю не говорить'));
      expectThat('the program never left OTRS', !hasFile(scene, key, 'проверка.exe'));
    },
  },
  {
    title: 'Система недоступна в МРФ «Волга»',
    shows: 'a critical incident becomes an issue at once, without a hand-over (reaction time is 30 minutes)',
    async play(scene, { says }) {
      const { otrs, jira } = scene;
      says('user.volga registers a critical incident');
      const { id } = otrs.createTicket({
        ...SUPPORT,
        title: 'NTTM недоступна для всех пользователей МРФ «Волга»',
        text: 'С 9:40 никто не может войти, страница не открывается. Перезагрузка не помогла.',
        priority: '1 Критичный',
      });
      const key = await issueOf(scene, id);
      expectThat('the issue is critical', jira.issue(key).values.priority === 'Критичный');
      says('developer.3l restores the service and resolves the issue');
      jira.transition(key, 'В работе');
      await reached(scene, 'the ticket is in work', () => otrs.ticket(id).state === 'В работе');
      jira.setFields(key, {
        customfield_10200: 'Перезапущен узел кластера, вход восстановлен.',
        components: [{ name: 'Сервер приложений' }],
      });
      jira.transition(key, 'Решено', { resolution: 'Исправлено' });
      await closed(scene, id, { ClosureCode: 'fixed', ConfigItem: 'app' });
    },
  },
  {
    title: 'Неверная сортировка списка работ',
    shows: 'done in JIRA is not closed in OTRS: the ticket waits until the closing block is filled',
    async play(scene, { says }) {
      const { otrs, jira } = scene;
      says('user.volga registers an incident; petrova.2l ticks «Требуется 3ЛТП»');
      const { id } = otrs.createTicket({
        ...SUPPORT,
        title: 'Список работ сортируется неверно',
        text: 'Шаги: открыть список работ, нажать на «Дата». Ожидаю: по дате. Получаю: по алфавиту.',
        priority: '4 Низкий',
      });
      otrs.setField(id, 'NeedDevelopment', 1);
      const key = await issueOf(scene, id);
      says('developer.3l resolves the issue but names no component');
      jira.transition(key, 'В работе');
      jira.setFields(key, { customfield_10200: 'Сортировка по дате исправлена в обновлении 4.2.' });
      jira.transition(key, 'Решено', { resolution: 'Исправлено' });
      await reached(scene, 'the ticket waits and a note says why', () => {
        const ticket = otrs.ticket(id);
        return ticket.state === 'Решено' && hasArticle(ticket, '«Конфигурационная единица»');
      });
      says('petrova.2l fills the missing field in OTRS');
      otrs.setField(id, 'ConfigItem', 'ui');
      await closed(scene, id, { ClosureCode: 'fixed', ConfigItem: 'ui' });
    },
  },
  {
    title: 'Карточка инцидента открывается минуту',
    shows:
      'line 3 waits for the requester and goes on when he answers; a fix that ships in an update waits for its installation',
    async play(scene, { says }) {
      const { otrs, jira } = scene;
      says('user.volga registers an incident; petrova.2l hands it over to line 3');
      const { id } = otrs.createTicket({
        ...SUPPORT,
        title: 'Карточка инцидента открывается целую минуту',
        text: 'Шаги: открыть любой инцидент. Ожидаю: сразу. Получаю: через минуту.',
        priority: '3 Средний',
      });
      otrs.moveToQueue(id, 'NTTM::3ЛТП');
      const key = await issueOf(scene, id);

      says('developer.3l needs to know more and lets the issue wait; the ticket waits as well');
      jira.comment(key, 'Сколько комментариев в этих инцидентах?');
      jira.transition(key, 'Ожидает информации');
      await reached(scene, 'the ticket waits for the requester', () => otrs.ticket(id).state === 'Ожидание информации');
      says('user.volga answers; both go on by themselves');
      otrs.addArticle(id, { text: 'Около трёхсот, в новых меньше.', by: 'user.volga' });
      await reached(scene, 'the issue is in work again', () => jira.issue(key).status === 'В работе');
      expectThat('so is the ticket', otrs.ticket(id).state === 'В работе');
      expectThat('the answer is in the issue', hasComment(scene, key, 'Около трёхсот'));

      says('developer.3l resolves the issue: the fix ships in version 4.3');
      jira.setFields(key, {
        customfield_10200: 'Комментарии карточки читаются по частям.',
        components: [{ name: 'Интерфейс' }],
        fixVersions: [{ name: '4.3' }],
      });
      jira.transition(key, 'Решено', { resolution: 'Исправлено' });
      await reached(scene, 'the ticket waits for version 4.3, and a note says so', () => {
        const ticket = otrs.ticket(id);
        return (
          ticket.state === 'Ожидает установки обновления' && hasArticle(ticket, 'исправление выходит в обновлении 4.3')
        );
      });
      says('petrova.2l ticks that the update is installed');
      otrs.setField(id, 'UpdateInstalled', 1);
      await closed(scene, id, { ClosureCode: 'fixed', ConfigItem: 'ui' });
    },
  },
  {
    title: 'Как выгрузить отчёт в Excel?',
    shows: 'a consultation is answered by line 2 and never reaches JIRA',
    async play(scene, { says }) {
      const { otrs, jira } = scene;
      const before = jira.issues().length;
      says('user.volga asks a question; petrova.2l answers and closes');
      const { id } = otrs.createTicket({
        ...SUPPORT,
        title: 'Как выгрузить отчёт по инцидентам в Excel?',
        text: 'Не нахожу кнопку выгрузки.',
        priority: '4 Низкий',
      });
      otrs.addArticle(id, { text: 'Меню «Отчёты», значок с таблицей в правом верхнем углу.', visibility: 'public' });
      otrs.setField(id, 'ClosureCode', 'consultation');
      otrs.setField(id, 'Solution', 'Показано, где кнопка выгрузки.');
      otrs.setField(id, 'ConfigItem', 'ui');
      otrs.setState(id, 'Закрыто');
      await otrs.settled();
      await scene.app.sweepNow();
      await reached(scene, 'the bridge has looked at everything', () => true);
      expectThat('no issue was opened', jira.issues().length === before && otrs.ticket(id).fields.JiraKey == null);
    },
  },
  {
    title: 'Дубли в очереди инцидентов',
    shows: 'JIRA loses an answer: the issue is found again and not opened twice; restricted comments stay in JIRA',
    async play(scene, { says }) {
      const { otrs, jira } = scene;
      const before = jira.issues().length;
      says('JIRA will create the next issue but break the connection before it answers');
      jira.failNext({ kind: 'reset-after-effect' }, { method: 'POST', path: /^\/issue$/ });
      const { id } = otrs.createTicket({
        ...SUPPORT,
        title: 'В очереди инцидентов задваиваются записи',
        text: 'Шаги: открыть очередь. Ожидаю: одна запись на инцидент. Получаю: две.',
        priority: '2 Высокий',
      });
      says('petrova.2l hands the ticket over');
      otrs.moveToQueue(id, 'NTTM::3ЛТП');
      const key = await issueOf(scene, id);
      expectThat('there is one issue, not two', jira.issues().length === before + 1);
      says('developer.3l writes a comment for developers only, and closes the issue as a duplicate');
      jira.transition(key, 'В работе');
      jira.comment(key, 'Это наша ошибка, недоглядели при ревью.', { role: 'Developers' });
      jira.comment(key, 'Причина та же, что в обращении об ошибке 500.');
      await reached(scene, 'the open comment is in the ticket', () => hasArticle(otrs.ticket(id), 'Причина та же'));
      jira.setFields(key, {
        customfield_10200: 'Устранено вместе с ошибкой обмена с ЕИП.',
        components: [{ name: 'Интеграция' }],
      });
      jira.transition(key, 'Решено', { resolution: 'Дубликат' });
      await closed(scene, id, { ClosureCode: 'duplicate', ConfigItem: 'integration' });
      expectThat('the restricted comment never left JIRA', !hasArticle(otrs.ticket(id), 'недоглядели при ревью'));
    },
  },
];
