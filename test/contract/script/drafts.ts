/** What the scripts make tickets and articles of. */
export const ticket = {
  Title: 'Не создаётся заявка — «ошибка» <500> & 😀',
  Queue: 'NTTM::2ЛТП',
  Type: 'Инцидент',
  Service: 'NTTM: Техническая поддержка',
  State: 'Назначено',
  Priority: '3 Средний',
  CustomerUser: 'user.volga',
};

export const article = {
  Subject: 'Тема <b> & «кавычки»',
  Body: 'Первая строка\nвторая <строка> & "кавычки"',
  ContentType: 'text/plain; charset=utf-8',
};

/** As the bridge writes them: nobody gets a mail. */
export const note = { ...article, NoAgentNotify: 1 };

export const without = (record: object, ...keys: readonly string[]) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

export const file = (text: string, name = 'журнал.txt', type = 'text/plain') => ({
  Content: Buffer.from(text).toString('base64'),
  ContentType: type,
  Filename: name,
});
