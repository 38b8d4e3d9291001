"""How mail clients introduce, part and sign, in the languages that people use. Data only.

A new client or language is a line here and a mail in `tests/channels/corpus`.
"""

import re

# How a quote is introduced: first words, and a word towards the end of the line.
ATTRIBUTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("On ", ("wrote", "writes", "said")),
    ("Am ", ("schrieb",)),
    ("Le ", ("a écrit", "a ecrit")),
    ("El ", ("escribió", "escribio")),
    ("Em ", ("escreveu",)),
    ("A ", ("escreveu",)),
    ("No dia ", ("escreveu",)),
    ("Il ", ("ha scritto",)),
    ("Op ", ("schreef", "het volgende geschreven")),
    ("W dniu ", ("napisał", "pisze")),
    ("Dnia ", ("napisał", "pisze")),
    ("Den ", ("skrev",)),
    ("Dne ", ("napsal",)),
    ("在", ("写道", "寫道")),
    ("", ("写道", "寫道", "のメール", "書きました", "작성", "пишет", "написал", "napisał(a)")),
)
# Words that introduce a quote only where marked lines follow at once.
WROTE = re.compile(
    r"\b(wrote|writes|schrieb|schreibt|a écrit|escribió|escreveu|ha scritto|schreef|"
    r"napisał|pisze|skrev|napsal|пишет|написал)\b",
    re.IGNORECASE,
)
# Only with a time or an address is it more than a sentence that ends in a colon.
WHEN = re.compile(r"@|\d{1,2}[:.h]\d{2}|\b\d{4}\b|\d+ ?[年년]")
# A line that begins with a date or a short name of a weekday.
DATE_FIRST = re.compile(r"^(\d|\w{1,4}[.,]+ ?\d)")
SEPARATOR = re.compile(
    r"^[ *]*-{2,} ?(original message|original appointment|ursprüngliche nachricht|"
    r"originalnachricht|message d['’]origine|message original|mensaje original|"
    r"mensagem original|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|"
    r"元のメッセージ|原始邮件|原始郵件|원본 메시지|исходное сообщение|ursprungligt meddelande|"
    r"reply message) ?-{2,}[ *]*$",
    re.IGNORECASE,
)
# `---- On …, Sam wrote ----`, and a title between dashes above header fields in any language.
DASHED = re.compile(r"^-{3,} ?(\S.{1,300}?) ?-{3,}$")
FORWARD = re.compile(
    r"^[ *]*(-{2,} ?(forwarded message|weitergeleitete nachricht|message transféré|"
    r"mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|"
    r"wiadomość przekazana|转发的邮件|轉寄郵件|転送メッセージ|전달된 메시지) ?-{2,}|"
    r"begin forwarded message:|anfang der weitergeleiteten|début du message transféré|"
    r"inicio del mensaje reenviado|início da mensagem|inizio messaggio inoltrato|"
    r"begin doorgestuurd bericht|początek przekazywanej|下記は転送メール|开始转发)",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"^(fwd?|wg|tr|rv|enc|i|doorst|pd|vb|转发|轉寄|転送|fw)\s*[:：]", re.IGNORECASE
)
REPLY_SUBJECT = re.compile(
    r"^(re|aw|antw|sv|vs|odp|res|r|rif|ref|回复|回覆|答复|返信|회신|ha)(\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
FROM = re.compile(
    r"^[ *]*(from|von|de|da|van|od|fra|från|expéditeur|remitente|mittente|afzender|nadawca|"
    r"от|מאת|보낸 ?사람|差出人|送信者|发件人|寄件者|寄件人)[ *]*[:：]",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"^[ *]*(sent|date|to|cc|reply-to|subject|gesendet|datum|an|betreff|envoyé|à|objet|sujet|"
    r"enviado|enviado el|enviada|enviada em|enviado em|fecha|data|para|asunto|assunto|inviato|a|"
    r"oggetto|verzonden|aan|onderwerp|wysłano|wysłane|do|temat|skickat|till|ämne|sendt|til|emne|"
    r"отправлено|дата|кому|тема|נשלח|אל|נושא|보낸 ?날짜|받는 ?사람|제목|"
    r"送信日時|日時|日付|宛先|件名|发送时间|日期|收件人|抄送|主题|寄件日期|收件者|主旨)[ *]*[:：]",
    re.IGNORECASE,
)
RULE = re.compile(r"^ *[_\-]{10,} *$")
# Who announces answers inside an unmarked quote has written new text where nobody can tell it.
ANSWERS_INSIDE = re.compile(
    r"\b(in-?line|inline below|in (red|blue|green|bold)|answers? (are )?(below|inline)|"
    r"(my|our) (comments|answers|responses|replies) (are )?(below|in)|"
    r"im text|in (rot|blau|grün)|antworten? (unten|im text)|"
    r"en (rouge|bleu|vert)|dans le (texte|corps)|réponses? ci-dessous|"
    r"en (rojo|azul|verde)|respuestas? abajo|em (vermelho|azul|verde)|respostas? abaixo|"
    r"in (rosso|blu|verde)|risposte? (sotto|in calce)|in (rood|blauw|groen)|"
    r"antwoorden (hieronder|in de tekst)|na (czerwono|niebiesko)|odpowiedzi (poniżej|w tekście))\b"
    r"|赤字|インライン|红色|紅色|蓝色",
    re.IGNORECASE,
)
# What devices and apps write below a mail by themselves.
DEVICE = re.compile(
    r"^\W{0,3}("
    r"sent from (my |mail for |outlook|yahoo|samsung|aol|proton|the (aol|yahoo) )|"
    r"sent via |sent with \W{0,2}(proton|shift|spark|airmail|superhuman)|"
    r"get \W{0,2}outlook for |"
    r"von mein(em|er) .{1,40} gesendet|gesendet (von mein|mit der |mit \w+ (mail|mobil)|aus )|"
    r"diese nachricht wurde von mein|(holen sie sich |hol dir )?outlook für .{1,20}( beziehen)?$|"
    r"envoyé (de(puis)? mon |à partir de |avec )|(obtenir|télécharger) outlook |"
    r"enviado desde |obtener outlook |enviado (do|de|a partir do) (meu|minha) |obter o outlook |"
    r"inviat[oa] (da|dal) |(scarica|ottieni) outlook |"
    r"verstuurd vanaf |verzonden (vanaf|met) |outlook voor .{1,20}(downloaden)?$|"
    r"wysłane z |wysłano z |pobierz (aplikację )?outlook|"
    r"skickat från |sendt fra |отправлено (с|из) |나의 .{1,20}에서 보냄|"
    r".{1,20}から送信|发自我的|發自我的|從我的 ?.{1,20}傳送|来自我的"
    r")",
    re.IGNORECASE,
)
# What programs write before the subject of an automatic reply. `Re:` before it is a person's.
OUT_OF_OFFICE = re.compile(
    r"^\W{0,3}("
    r"(automatic reply|auto(matic)?[ -]?(response|reply|answer)|out of (the )?office|ooo|"
    r"away from (the )?office|on (vacation|holiday)|vacation reply|"
    r"abwesenheitsnotiz|abwesend|abwesenheit|automatische antwort|autoantwort|"
    r"réponse automatique|absence du bureau|absent du bureau|message d['’]absence|"
    r"respuesta automática|fuera de (la )?oficina|ausente|"
    r"resposta automática|fora do escritório|ausência (temporária|do escritório)|"
    r"risposta automatica|fuori ufficio|fuori sede|assenza dall['’]ufficio|"
    r"automatisch antwoord|afwezig(heidsbericht)?|niet aanwezig|"
    r"autoodpowiedź|odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|nieobecność|"
    r"automatiskt svar|autosvar|frånvaro|fravær|automatisk svar|automaattinen vastaus|"
    r"automatická odpověď|автоответ|автоматический ответ|"
    r"自動応答|自動返信|不在通知|自动回复|自动答复|自動回覆|外出|자동 ?회신|부재중)"
    r"\s*[:：]|(自動返信|自動応答|自动回复|自动答复|自動回覆)[】\])])",
    re.IGNORECASE,
)
BOUNCE_SUBJECT = re.compile(
    r"^\W{0,3}(delivery (status|failure|has failed|delayed|report)|undeliver(able|ed)|"
    r"mail delivery (failed|failure|system)|mail system error|message delivery|"
    r"returned mail|returned to sender|failure notice|failed mail|warning: (could not|message)|"
    r"unzustellbar|nicht zustellbar|zustellung|non remis|échec de (la )?(remise|distribution)|"
    r"no se puede entregar|no se ha podido entregar|não entregue|não foi possível entregar|"
    r"impossibile recapitare|mancato recapito|onbestelbaar|niet bezorgd|niedostarczona|"
    r"nie można dostarczyć|配信不能|配信できません|送信できません|无法传递|退信|無法傳遞)",
    re.IGNORECASE,
)
