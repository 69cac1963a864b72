/** The part of sax that is used here; the package brings no types of its own. */
declare module 'sax' {
  interface Parser {
    ENTITIES: Readonly<Record<string, string>>;
    onopentagstart: () => void;
    onattribute: () => void;
    onopentag: (tag: { readonly name: string }) => void;
    onclosetag: () => void;
    ontext: (text: string) => void;
    oncdata: (text: string) => void;
    ondoctype: () => void;
    onsgmldeclaration: () => void;
    onprocessinginstruction: (instruction: { readonly name: string; readonly body: string }) => void;
    onerror: (error: Error) => void;
    write(text: string): Parser;
    close(): Parser;
  }

  const sax: { parser(isStrict: true, options: { readonly strictEntities: true }): Parser };
  export = sax;
}
