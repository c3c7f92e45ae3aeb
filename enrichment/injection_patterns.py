"""How orders to a model are worded: regular expressions by the flag that they raise, for text in lower case."""

PATTERNS: dict[str, tuple[str, ...]] = {
    "instructions": (
        (
            r"\b(?:ignore|disregard|forget|override|bypass|discard|skip) (?:all |any |the |your |my |every |these "
            r"|those |of |and |or |other )*(?:previous|prior|above|preceding|earlier|foregoing|former|system|"
            r"existing|original|initial|developer|safety)(?: \w+){0,2}? (?:instructions?|rules?|prompts?|guidelines?"
            r"|directions?|directives?|messages?|context|text|orders?|content|training|words?|input)\b"
        ),
        (
            r"\b(?:ignore|disregard|forget) (?:all |everything |the |that )*(?:previous|prior|above|preceding|"
            r"earlier)[.!,;:]"
        ),
        (
            r"\b(?:ignore|disregard|forget) (?:all|everything|anything) (?:that |which |you )?(?:above|before|were|"
            r"was|have been)\b"
        ),
        (
            r"\b(?:ignore|disregard|forget|bypass) (?:all |any |the |your |my |every |these |those |of |and |or |"
            r"other )*(?:instructions?|rules|guidelines|prompts?|directions)\b"
        ),
        (
            r"\boverride (?:all|any|the|your|every|these|those) (?:\w+ )?(?:instructions?|rules|guidelines|"
            r"prompts?)\b"
        ),
        (
            r"\b(?:new|updated|revised|real|actual|important|following|hidden|secret) (?:system "
            r")?(?:instructions?|directives?|orders) (?:for (?:the |any |all )?(?:ai|llm|model|assistant|"
            r"classifier|reader|bot)|:|follow)"
        ),
        (
            r"\b(?:attention|note|message|instructions?|notice|hint|reminder) (?:to|for) (?:the |any |all |every "
            r")?(?:ai|llms?|(?:large )?language models?|assistants?|classifiers?|crawlers?|bots?|agents? reading|"
            r"automated)\b"
        ),
        (
            r"\byou are (?:now |an? |no longer |hereby )+(?:\w+ ){0,3}(?:ai|assistant|model|classifier|bot|dan|"
            r"llm|jailbroken)\b"
        ),
        (
            r"\bas an? (?:ai|llm|(?:large )?language model|assistant|classifier)\b[^.]{0,40}\b(?:you|must|should|"
            r"shall|i)\b"
        ),
        r"\bif you are an? (?:ai|llm|(?:large )?language model|assistant|bot|classifier)\b",
        r"\b(?:pretend|act as if|roleplay as|behave as) (?:you are|you were|that you|to be|an? )",
        (
            r"\b(?:do not|don't|never) (?:tell|mention|reveal|disclose|report|flag|show) (?:this|these|that|"
            r"anything|it|the (?:user|review|instruct))"
        ),
        (
            r"\b(?:reveal|print|repeat|output|show|leak|send) (?:me )?(?:your|the) (?:system |hidden |initial |"
            r"secret )*(?:prompt|instructions|api key|secrets?)\b"
        ),
        (
            r"\b(?:developer|god|jailbreak|dan|admin|debug|maintenance|override) mode (?:is )?(?:on|enabled|"
            r"activated|now)\b"
        ),
        (
            r"\b(?:this|the following) (?:text |message |instruction )?(?:overrides|supersedes|replaces) (?:all|"
            r"any|every|the|your|previous)\b"
        ),
        (
            r"\b(?:stop|end of|close) (?:reading|processing|the|of)?\s?(?:document|context|untrusted|material|"
            r"input|data)\b[^.]{0,30}\b(?:instruct|new|now|begin|system|answer)"
        ),
        (
            r"\b(?:ignoriere|vergiss|missachte) (?:alle |die |deine |saemtliche |jede )*(?:vorherigen|bisherigen|"
            r"obigen|fruheren|anweisung)"
        ),
        r"\b(?:ignorez|oubliez|ignore) (?:toutes |les |tes |vos )*(?:instructions|consignes|precedentes)",
        (
            r"\b(?:ignora|olvida|ignore|esqueca) (?:todas |las |as |tus |suas |le |tutte )*(?:instrucciones|"
            r"instrucoes|istruzioni|anteriores|precedenti)"
        ),
        (
            r"\b(?:disregard|ignore|forget) (?:what|whatever|everything|anything) (?:you|was|were|has|have)\b[^.\n]"
            r"{0,30}\b(?:told|said|instructed|given|read)\b"
        ),
        (
            r"\bpay no (?:attention|heed) to (?:the |any |your |all )*(?:\w+ )?(?:rules?|instructions?|prompts?|"
            r"guidelines?)\b"
        ),
        (
            r"\b(?:instructions?|rules|guidelines|prompts?) (?:that )?you (?:received|were given|got|follow)\b"
            r"[^.\n]{0,40}\b(?:no longer|not|void|outdated|invalid|over)\b"
        ),
    ),
    "role-marks": (
        (
            r"<\|?\s*/?(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id|developer|"
            r"begin_of_text|instructions?)\b[^>]{0,20}\|?>"
        ),
        r"\[/?(?:inst|system|sys|assistant|system_prompt)\]|<</?sys>>",
        (
            r"(?:^|\n|[.!\x22'] )\s*(?:#{1,6} ?|\*\*|\[)?(?:system|assistant|developer|human|operator)"
            r"(?: (?:message|prompt|note|override))?\]?(?:\*\*)? ?: ?(?:you|your|this|the|all|always|ignore|classify|"
            r"set|answer|respond|treat|assign|override|new|important|output|from now|please|mark|do not)\b"
        ),
        (
            r"\b(?:begin|end|start) (?:of )?(?:system|developer|trusted|untrusted|assistant|admin) (?:prompt|"
            r"message|instructions?|context|input|block)"
        ),
        r"\b(?:tool|function)_(?:call|result|response)s?\b\W{0,4}[{\[]",
        r"\x22role\x22 ?: ?\x22(?:system|assistant|developer|tool)\x22",
        r"\{\{ ?[#/]?(?:system|assistant|developer)(?:_prompt)?\b[^}\n]{0,20}\}\}",
    ),
    "answer-demanded": (
        (
            r"\b(?:set|assign|give|return|output|use|report|make|answer with|respond with|put|"
            r"state)\b[^.\n]{0,40}\bconfidence\b[^.\n]{0,25}(?:\d{2,3}|0?\.9\d*\b|1\.0\b|maximum|max|hundred|full|highest|high\b)"
        ),
        (
            r"\b(?:model_)?confidence\b\W{0,5}(?:(?:is|must be|should be|to|of|at|=)\W{0,3})?(?:100|9[5-9]|(?:one )?"
            r"hundred)\b(?! ?%? (?:interval|level))"
        ),
        (
            r"\b(?:classify|categori[sz]e|label|file|list|rank|mark) (?:this|it|us|the|our|"
            r"me)\b[^.\n]{0,40}\b(?:as|under|into|in)\b[^.\n]{0,40}\b(?:finance|trading|category|llm|inference|"
            r"training|oracles?|compute|verification|confidential|hashrate|security|privacy|media|science|"
            r"consumer|tooling)"
        ),
        (
            r"\b(?:category|primary_category|tagline|what_it_does|primary_use|key_features|category_suggestion|"
            r"model_confidence)\b[\x22'` ]{0,3}(?:[:=→]|->|must be|should be|has to be|is to be)\W{0,3}(?:\x22|'|"
            r"finance|llm|data-|serverless|ai-|confidential|hashrate|security|privacy|media|science|consumer|dev-)"
        ),
        r"\x22(?:category|evidence|tagline|what_it_does|model_confidence|category_suggestion)\x22 ?:",
        (
            r"\b(?:the )?(?:correct|right|only|proper|true|best) (?:category|label|classification|answer) (?:is|"
            r"must|should|for)\b"
        ),
        (
            r"\b(?:your (?:answer|output|response|json|classification|tagline|summary|category)|the (?:classification|"
            r"tagline|summary|category)) (?:must|should|shall|has to|will)\b[^.\n]{0,30}\b(?:be|say|contain|"
            r"include|read|begin|start)\b"
        ),
        r"\b(?:respond|reply|answer|output) only (?:with|in)\b",
        r"\b(?:belongs? (?:in|to|under|into)|fits? (?:in|into)|listed under) (?:the )?category\b",
        r"\bfor (?:classification|categori[sz]ation) purposes?\b",
        r"\bbest[- ](?:fitting|matching|suited) (?:category|label|class)\b",
        (
            r"\b(?:assistants?|llms?|ai models?|language models?|classifiers?)[,:] ?(?:please )?(?:choose|pick|select|"
            r"say|classify|output|return|write|respond|file|mark)\b"
        ),
        (
            r"\b(?:reviewers?|moderators?|curators?|editors?|staff|the directory) (?:has|have) (?:already )?"
            r"(?:approved|verified|confirmed|classified|filed|listed)\b[^.\n]{0,40}\b(?:as|under|category|confidence|"
            r"full marks)\b"
        ),
    ),
    "price-advice": (
        (
            r"\b(?:buy|sell)[- ]signals?\b[^.\n]{0,20}(?:\b[1-5] ?(?:/|of|out of) ?5|\bof [1-5]\b|[:=] ?[1-5]\b|"
            r"must|should|maximum|strong)"
        ),
        (
            r"\b(?:set|give|assign|rate|report|return|make)\b[^.\n]{0,30}\b(?:buy[- ]signal|signal (?:of )?[45]\b|"
            r"[45] (?:stars|of 5|/ ?5)|strong buy)"
        ),
        (
            r"\bstrong(?:ly)? buy\b|\bbuy (?:now|immediately|today|it now|this (?:token|subnet|alpha|coin)|before "
            r"(?:it|the price))\b"
        ),
        (
            r"\b(?:will|going to|about to|set to|guaranteed to) (?:moon|pump|10x|50x|100x|1000x|explode|"
            r"skyrocket)\b"
        ),
        r"\bguaranteed (?:\w+ )?(?:profits?|returns?|gains?|yield)\b",
        (
            r"\b(?:\d{2,4}x (?:gain|gem|potential|return|profit)|to the moon\b|price target\b|(?:can't|cannot) "
            r"lose\b)"
        ),
        r"\brecommend (?:buying|to buy|that (?:users|readers|investors|everyone) buy)\b",
    ),
    "fake-evidence": (
        r"(?:^|\n|\s)(?:[A-Za-z0-9]{2,12}[·.:|-])?[WMRGI]\d{3,4} ?[|:]",
        r"\b(?:field|line|quote)\b\W{1,4}[WMRGI]\d{3}\b",
        r"\b(?:verified|trusted|checked) (?:quote|evidence|line)s?\b ?:",
    ),
}

ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("игнорируй|игнорировать|забудь|не обращай внимания|ігноруй", "инструкц|указани|правил|інструкц"),
    ("ignorar|desconsider|esqueça|ignore todas|ignore as|ignore os", "instruções|regras|indicações"),
    ("ignorar|ignora|omite|olvida", "instrucciones|reglas|indicaciones"),
    ("ignora|dimentica|trascura", "istruzioni|regole precedenti"),
    ("negeer|vergeet", "instructies|aanwijzingen|voorgaande regels"),
    ("ignorera|ignorer|glöm|glem", "instruktion|instruks|anvisning"),
    ("ignoruj|zapomnij|pomiń|zapomeň", "instrukcj|polece|instrukc|pokyn"),
    ("yok say|görmezden gel|dikkate alma|unut", "talimat|yönerge"),
    ("무시|잊어", "지시|명령|지침|프롬프트"),
    ("無視|忘れ", "指示|命令|ルール|プロンプト"),
    ("忽略|无视|無視|忘记|忘記|不要理会", "指令|指示|说明|說明|提示|规则|規則|之前|以上|先前|所有|前面"),
    ("تجاهل|انس|نادیده", "تعليمات|الأوامر|دستور"),
    ("התעלם|שכח", "הוראות|ההנחיות"),
    ("अनदेखा|नज़रअंदाज|भूल जाओ", "निर्देश|नियम"),
    ("bỏ qua|quên", "hướng dẫn|chỉ thị|chỉ dẫn"),
    ("abaikan|lupakan", "instruksi|perintah|petunjuk"),
)
"""(to ignore, what is to be ignored) in other tongues, each a choice of beginnings of words, in either order."""
