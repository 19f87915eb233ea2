"""The words of which `texts` makes its sentences, in nine languages.

Each list is one string, its entries between bars. Noun phrases come with article, adjective and case as they stand in
the sentence, so that any combination is grammatical; verbs come as singular and plural, third person, present. All was
written for this course, to be short, everyday and easy to pronounce, not to be probable.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grammar:
    """What the sentences of a language are made of.

    Parameters
    ----------
    name : str
        The language, in English.
    letters : str
        What its normal form needs beyond a–z.
    digits : str
        The words for 0 to 9, with blanks between.
    one, many : str
        Subjects in the singular and in the plural.
    verbs : str
        Verbs that take any of the things: singular and plural, with a blank between.
    things, places, times : str
        What, where and when.
    patterns : tuple of str
        Sentences with the names of the lists in braces; in English also {do} and {plural}, the verb after it.
    commands : tuple of str
        Commands; of each [group|of|alternatives] one is said.
    """

    name: str
    letters: str
    digits: str
    one: str
    many: str
    verbs: str
    things: str
    places: str
    times: str
    patterns: tuple[str, ...]
    commands: tuple[str, ...]


GRAMMARS = {
    "de": Grammar(
        name="German",
        letters="äöüß",
        digits="null eins zwei drei vier fünf sechs sieben acht neun",
        one=(
            "mein Bruder|die Lehrerin|unser Nachbar|eine junge Ärztin|der alte Mann|ihre Tante|der Bäcker|"
            "meine beste Freundin|das Mädchen von nebenan|ein großer Junge|der Gärtner|Anna"
        ),
        many=(
            "die Kinder|meine Eltern|zwei Touristen|unsere Gäste|die Bauern|seine Schwestern|drei Studenten|"
            "die Arbeiter"
        ),
        verbs=(
            "kauft kaufen|verkauft verkaufen|findet finden|zeichnet zeichnen|trägt tragen|sucht suchen|putzt putzen|"
            "beschreibt beschreiben|fotografiert fotografieren|versteckt verstecken|braucht brauchen|wählt wählen|"
            "hält halten|verliert verlieren"
        ),
        things=(
            "einen roten Apfel|die blaue Flasche|eine alte Uhr|einen neuen Regenschirm|den kleinen Tisch|"
            "einen Plan der Stadt|einen grünen Hut|die schwere Kiste|eine weiße Lampe|die alte Gitarre|"
            "einen langen Brief|zwei Tassen|frisches Brot|ein Stück Käse|gelbe Blumen|einen warmen Mantel|"
            "den falschen Schlüssel|eine billige Kamera|einen großen Korb|den runden Spiegel|einen grauen Schal|"
            "die Zeitung|einen Kuchen mit Äpfeln|einen Ball aus Leder|einen Stuhl aus Holz|das Bild|"
            "einen silbernen Ring|eine schwarze Tasche|neun Teller|ein Paar Schuhe|das Fahrrad|eine Flasche Milch"
        ),
        places=(
            "im Park|am Bahnhof|in der Küche|hinter dem Haus|vor der Schule|auf dem Markt|auf der Brücke|im Garten|"
            "am Fluss|in der Bibliothek|neben der Kirche|am Flughafen|in dem kleinen Laden|unter dem großen Baum"
        ),
        times=(
            "heute|jeden Morgen|nach dem Essen|am Sonntag|am Abend|vor dem Frühstück|am Mittag|schon wieder|"
            "einmal in der Woche|im Winter|in der Nacht|um sieben Uhr"
        ),
        patterns=(
            "{subject} {verb} {time} {thing} {place}.",
            "{time} {verb} {subject} {thing} {place}.",
            "{verb} {subject} {time} {thing} {place}?",
        ),
        commands=(
            "Schalte [das Licht|das Radio|die Heizung|den Ventilator|den Fernseher|die Musik] [in der Küche|"
            "im Schlafzimmer|im Bad|im Flur|im Büro|oben|überall] [ein|aus]",
            "Stelle [einen Wecker|eine Uhr] auf [zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwanzig|dreißig] "
            "Minuten",
            "Spiele [etwas Jazz|ein Schlaflied|die Nachrichten|mein Lieblingslied|leise Klaviermusik|einen Walzer|"
            "das letzte Album|Kinderlieder] [in der Küche|im Schlafzimmer|im Büro|oben|überall]",
            "Rufe [Anna|Peter|meine Mutter|die Ärztin|die Schule|die Werkstatt|unseren Nachbarn|die Großmutter] "
            "[zu Hause|bei der Arbeit|noch einmal|nach dem Essen] an",
            "[Öffne|Schließe] [die Tür|das Fenster|die Garage|die Vorhänge|das Tor] [jetzt|ein wenig|später|"
            "in zehn Minuten]",
        ),
    ),
    "en": Grammar(
        name="English",
        letters="'",
        digits="zero one two three four five six seven eight nine",
        one=(
            "my brother|the teacher|our neighbour|a young doctor|the old man|her aunt|the baker|my best friend|"
            "the girl from next door|a tall boy|the gardener|Anna"
        ),
        many=("the children|my parents|two tourists|our guests|the farmers|his sisters|three students|the workers"),
        verbs=(
            "buys buy|sells sell|finds find|draws draw|carries carry|cleans clean|describes describe|"
            "photographs photograph|hides hide|needs need|chooses choose|holds hold|loses lose|wants want"
        ),
        things=(
            "a red apple|the blue bottle|an old clock|a new umbrella|the small table|a map of the city|a green hat|"
            "the heavy box|a white lamp|the old guitar|a long letter|two cups|some fresh bread|a piece of cheese|"
            "yellow flowers|a warm coat|the wrong key|a cheap camera|a large basket|the round mirror|a grey scarf|"
            "the newspaper|a chocolate cake|a leather ball|a wooden chair|the picture|a silver ring|a black bag|"
            "nine plates|a pair of shoes|the bicycle|a bottle of milk"
        ),
        places=(
            "in the park|at the station|in the kitchen|behind the house|in front of the school|at the market|"
            "on the bridge|in the garden|near the river|in the library|beside the church|at the airport|"
            "in the small shop|under the big tree"
        ),
        times=(
            "today|every morning|after lunch|on Sunday|in the evening|before breakfast|at noon|most days|once a week|"
            "in winter|at night|at seven o'clock"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time} {subject} {verb} {thing} {place}.",
            "{do} {subject} {plural} {thing} {place} {time}?",
        ),
        commands=(
            "[Turn on|Turn off] [the light|the radio|the heating|the fan|the television|the music] [in the kitchen|"
            "in the bedroom|in the bathroom|in the hall|in the office|upstairs|everywhere]",
            "Set [a timer|an alarm] for [two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty] minutes",
            "Play [some jazz|a lullaby|the news|my favourite song|quiet piano music|a waltz|the last album|"
            "children's songs] [in the kitchen|in the bedroom|in the office|upstairs|everywhere]",
            "Call [Anna|Peter|my mother|the doctor|the school|the garage|our neighbour|grandma] [at home|at work|"
            "again|after lunch]",
            "[Open|Close] [the door|the window|the garage|the curtains|the gate] [now|a little|later|in ten minutes]",
        ),
    ),
    "es": Grammar(
        name="Spanish",
        letters="áéíñóúü",
        digits="cero uno dos tres cuatro cinco seis siete ocho nueve",
        one=(
            "mi hermano|la maestra|nuestro vecino|una joven doctora|el viejo pescador|su tía|el panadero|"
            "mi mejor amiga|la chica de al lado|un muchacho alto|el jardinero|Ana"
        ),
        many=(
            "los niños|mis padres|dos turistas|nuestros invitados|los campesinos|sus hermanas|tres estudiantes|"
            "los obreros"
        ),
        verbs=(
            "compra compran|vende venden|encuentra encuentran|dibuja dibujan|lleva llevan|busca buscan|"
            "limpia limpian|describe describen|fotografía fotografían|esconde esconden|necesita necesitan|"
            "elige eligen|mira miran|pierde pierden"
        ),
        things=(
            "una manzana roja|la botella azul|un reloj antiguo|un paraguas nuevo|la mesa pequeña|"
            "un plano de la ciudad|un sombrero verde|la caja pesada|una lámpara blanca|la vieja guitarra|"
            "una carta larga|dos tazas|pan fresco|un trozo de queso|flores amarillas|un abrigo grueso|"
            "la llave equivocada|una cámara barata|una cesta grande|el espejo redondo|una bufanda gris|el periódico|"
            "un pastel de chocolate|una pelota de cuero|una silla de madera|el cuadro|un anillo de plata|"
            "un bolso negro|nueve platos|un par de zapatos|la bicicleta|una botella de leche"
        ),
        places=(
            "en el parque|en la estación|en la cocina|detrás de la casa|delante de la escuela|en el mercado|"
            "en el puente|en el jardín|cerca del río|en la biblioteca|al lado de la iglesia|en el aeropuerto|"
            "en la pequeña tienda|debajo del árbol grande"
        ),
        times=(
            "hoy|cada mañana|después de comer|los domingos|por la tarde|antes del desayuno|al mediodía|"
            "de vez en cuando|una vez por semana|en invierno|por la noche|a las siete"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time} {subject} {verb} {thing} {place}.",
            "¿{verb} {subject} {thing} {place} {time}?",
        ),
        commands=(
            "[Enciende|Apaga] [la luz|la radio|la calefacción|el ventilador|la televisión|la música] [en la cocina|"
            "en el dormitorio|en el baño|en el pasillo|en la oficina|arriba|en toda la casa]",
            "Pon [un temporizador|una alarma] de [dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte|"
            "treinta] minutos",
            "Pon [algo de jazz|una canción de cuna|las noticias|mi canción favorita|música tranquila|un vals|"
            "el último disco|canciones infantiles] [en la cocina|en el dormitorio|en la oficina|arriba|"
            "en toda la casa]",
            "Llama [a Ana|a Pedro|a mi madre|al médico|a la escuela|al taller|a nuestro vecino|a la abuela] [a casa|"
            "al trabajo|otra vez|después de comer]",
            "[Abre|Cierra] [la puerta|la ventana|el garaje|las cortinas|el portón] [ahora|un poco|más tarde|"
            "en diez minutos]",
        ),
    ),
    "fr": Grammar(
        name="French",
        letters="'àâæçéèêëîïôœùûüÿ",
        digits="zéro un deux trois quatre cinq six sept huit neuf",
        one=(
            "mon frère|la maîtresse|notre voisin|une jeune femme|le vieil homme|sa tante|le boulanger|"
            "ma meilleure amie|la fille d'en face|un grand garçon|le jardinier|Anna"
        ),
        many=("les enfants|mes parents|deux touristes|nos invités|les paysans|ses sœurs|trois étudiants|les ouvriers"),
        verbs=(
            "achète achètent|vend vendent|trouve trouvent|dessine dessinent|porte portent|cherche cherchent|"
            "nettoie nettoient|décrit décrivent|photographie photographient|cache cachent|regarde regardent|"
            "choisit choisissent|tient tiennent|perd perdent"
        ),
        things=(
            "une pomme rouge|la bouteille bleue|une vieille horloge|un nouveau parapluie|la petite table|"
            "un plan de la ville|un chapeau vert|la lourde caisse|une lampe blanche|la vieille guitare|"
            "une longue lettre|deux tasses|du pain frais|un morceau de fromage|des fleurs jaunes|un manteau chaud|"
            "la mauvaise clé|un appareil photo|un grand panier|le miroir rond|une écharpe grise|le journal|"
            "un gâteau au chocolat|un ballon de cuir|une chaise en bois|le tableau|une bague en argent|un sac noir|"
            "neuf assiettes|une paire de chaussures|le vélo|une bouteille de lait"
        ),
        places=(
            "dans le parc|à la gare|dans la cuisine|derrière la maison|devant l'école|au marché|sur le pont|"
            "dans le jardin|près de la rivière|à la bibliothèque|à côté de l'église|à l'aéroport|"
            "dans la petite boutique|sous le grand arbre"
        ),
        times=(
            "aujourd'hui|chaque matin|après le repas|le dimanche|le soir|avant le petit déjeuner|à midi|"
            "de temps en temps|une fois par semaine|en hiver|la nuit|à sept heures"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time}, {subject} {verb} {thing} {place}.",
            "Tu sais pourquoi {subject} {verb} {thing} {place} {time}?",
        ),
        commands=(
            "[Allume|Éteins] [la lumière|la radio|le chauffage|le ventilateur|la télévision|la musique] "
            "[dans la cuisine|dans la chambre|dans la salle de bains|dans le couloir|au bureau|en haut|partout]",
            "Mets [un minuteur|une alarme] de [deux|trois|quatre|cinq|six|sept|huit|neuf|dix|quinze|vingt|trente] "
            "minutes",
            "Joue [du jazz|une berceuse|les nouvelles|ma chanson préférée|de la musique douce|une valse|"
            "le dernier album|des chansons pour enfants] [dans la cuisine|dans la chambre|au bureau|en haut|partout]",
            "Appelle [Anna|Pierre|ma mère|le médecin|l'école|le garage|notre voisin|la grand-mère de Paul] "
            "[à la maison|au travail|encore une fois|après le repas]",
            "[Ouvre|Ferme] [la porte|la fenêtre|le garage|les rideaux|le portail] [maintenant|un peu|plus tard|"
            "dans dix minutes]",
        ),
    ),
    "it": Grammar(
        name="Italian",
        letters="'àèéìòù",
        digits="zero uno due tre quattro cinque sei sette otto nove",
        one=(
            "mio fratello|la maestra|il nostro vicino|una giovane dottoressa|il vecchio pescatore|sua zia|"
            "il panettiere|la mia migliore amica|la ragazza del piano di sopra|un ragazzo alto|il giardiniere|Anna"
        ),
        many=(
            "i bambini|i miei genitori|due turisti|i nostri ospiti|i contadini|le sue sorelle|tre studenti|gli operai"
        ),
        verbs=(
            "compra comprano|vende vendono|trova trovano|disegna disegnano|porta portano|cerca cercano|"
            "pulisce puliscono|descrive descrivono|fotografa fotografano|nasconde nascondono|guarda guardano|"
            "sceglie scelgono|prende prendono|perde perdono"
        ),
        things=(
            "una mela rossa|la bottiglia blu|un vecchio orologio|un ombrello nuovo|il tavolo piccolo|"
            "una pianta della città|un cappello verde|la cassa pesante|una lampada bianca|la vecchia chitarra|"
            "una lunga lettera|due tazze|del pane fresco|un pezzo di formaggio|dei fiori gialli|un cappotto pesante|"
            "la chiave sbagliata|una macchina fotografica|un grande cesto|lo specchio rotondo|una sciarpa grigia|"
            "il giornale|una torta al cioccolato|una palla di cuoio|una sedia di legno|il quadro|un anello d'argento|"
            "una borsa nera|nove piatti|un paio di scarpe|la bicicletta|una bottiglia di latte"
        ),
        places=(
            "nel parco|alla stazione|in cucina|dietro la casa|davanti alla scuola|al mercato|sul ponte|in giardino|"
            "vicino al fiume|in biblioteca|accanto alla chiesa|all'aeroporto|nel piccolo negozio|"
            "sotto il grande albero"
        ),
        times=(
            "oggi|ogni mattina|dopo pranzo|la domenica|la sera|prima di colazione|a mezzogiorno|di tanto in tanto|"
            "una volta alla settimana|d'inverno|di notte|alle sette"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time} {subject} {verb} {thing} {place}.",
            "Perché {subject} {verb} {thing} {place} {time}?",
        ),
        commands=(
            "[Accendi|Spegni] [la luce|la radio|il riscaldamento|il ventilatore|la televisione|la musica] [in cucina|"
            "in camera|in bagno|nel corridoio|in ufficio|di sopra|dappertutto]",
            "Imposta [un timer|una sveglia] di [due|tre|quattro|cinque|sei|sette|otto|nove|dieci|quindici|venti|"
            "trenta] minuti",
            "Metti [un po' di jazz|una ninna nanna|le notizie|la mia canzone preferita|musica tranquilla|un valzer|"
            "l'ultimo disco|canzoni per bambini] [in cucina|in camera|in ufficio|di sopra|dappertutto]",
            "Chiama [Anna|Pietro|mia madre|il medico|la scuola|il meccanico|il nostro vicino|la nonna] [a casa|"
            "al lavoro|di nuovo|dopo pranzo]",
            "[Apri|Chiudi] [la porta|la finestra|il garage|le tende|il cancello] [adesso|un poco|più tardi|"
            "tra dieci minuti]",
        ),
    ),
    "nl": Grammar(
        name="Dutch",
        letters="éë",
        digits="nul één twee drie vier vijf zes zeven acht negen",
        one=(
            "mijn broer|de lerares|onze buurman|een jonge dokter|de oude man|haar tante|de bakker|"
            "mijn beste vriendin|het meisje van hiernaast|een lange jongen|de tuinman|Anna"
        ),
        many=("de kinderen|mijn ouders|twee toeristen|onze gasten|de boeren|zijn zussen|drie studenten|de arbeiders"),
        verbs=(
            "koopt kopen|verkoopt verkopen|vindt vinden|tekent tekenen|draagt dragen|zoekt zoeken|poetst poetsen|"
            "beschrijft beschrijven|fotografeert fotograferen|verstopt verstoppen|kiest kiezen|bekijkt bekijken|"
            "verliest verliezen|brengt brengen"
        ),
        things=(
            "een rode appel|de blauwe fles|een oude klok|een nieuwe paraplu|de kleine tafel|een kaart van de stad|"
            "een groene hoed|de zware doos|een witte lamp|de oude gitaar|een lange brief|twee kopjes|vers brood|"
            "een stuk kaas|gele bloemen|een warme jas|de verkeerde sleutel|een goedkope camera|een grote mand|"
            "de ronde spiegel|een grijze sjaal|de krant|een taart met chocolade|een leren bal|een houten stoel|"
            "het schilderij|een zilveren ring|een zwarte tas|negen borden|een paar schoenen|de fiets|een fles melk"
        ),
        places=(
            "in het park|op het station|in de keuken|achter het huis|voor de school|op de markt|op de brug|"
            "in de tuin|bij de rivier|in de bibliotheek|naast de kerk|op het vliegveld|in de kleine winkel|"
            "onder de grote boom"
        ),
        times=(
            "vandaag|elke ochtend|na het eten|op zondag|in de avond|voor het ontbijt|rond de middag|af en toe|"
            "een keer per week|in de winter|in de nacht|om zeven uur"
        ),
        patterns=(
            "{subject} {verb} {time} {thing} {place}.",
            "{time} {verb} {subject} {thing} {place}.",
            "{verb} {subject} {time} {thing} {place}?",
        ),
        commands=(
            "Doe [het licht|de radio|de verwarming|de ventilator|de televisie|de muziek] [in de keuken|"
            "in de slaapkamer|in de badkamer|in de gang|op kantoor|boven|overal] [aan|uit]",
            "Zet [een wekker|een timer] op [twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twintig|dertig] minuten",
            "Speel [wat jazz|een slaapliedje|het nieuws|mijn lievelingslied|rustige pianomuziek|een wals|"
            "het laatste album|kinderliedjes] [in de keuken|in de slaapkamer|op kantoor|boven|overal]",
            "Bel [Anna|Peter|mijn moeder|de dokter|de school|de garage|onze buurman|oma] [thuis|op het werk|"
            "nog een keer|na het eten]",
            "[Open|Sluit] [de deur|het raam|de garage|de gordijnen|het hek] [nu|een beetje|later|over tien minuten]",
        ),
    ),
    "pl": Grammar(
        name="Polish",
        letters="ąćęłńóśźż",
        digits="zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
        one=(
            "mój brat|nauczycielka|nasz sąsiad|młoda lekarka|stary rybak|jej ciocia|piekarz|moja przyjaciółka|"
            "dziewczyna z sąsiedztwa|wysoki chłopiec|ogrodnik|Anna"
        ),
        many="dzieci|moi rodzice|dwie turystki|nasi goście|rolnicy|jego siostry|trzy studentki|robotnicy",
        verbs=(
            "kupuje kupują|sprzedaje sprzedają|znajduje znajdują|rysuje rysują|niesie niosą|czyści czyszczą|"
            "opisuje opisują|fotografuje fotografują|chowa chowają|widzi widzą|trzyma trzymają|wybiera wybierają|"
            "gubi gubią|pokazuje pokazują"
        ),
        things=(
            "czerwone jabłko|niebieską butelkę|stary zegar|nowy parasol|mały stół|plan miasta|zielony kapelusz|"
            "ciężką skrzynię|białą lampę|starą gitarę|długi list|dwie filiżanki|świeży chleb|kawałek sera|"
            "żółte kwiaty|ciepły płaszcz|zły klucz|tani aparat|duży kosz|okrągłe lustro|szary szalik|gazetę|"
            "ciasto z jabłkami|skórzaną piłkę|drewniane krzesło|obraz|srebrny pierścionek|czarną torbę|dwa talerze|"
            "parę butów|rower|butelkę mleka"
        ),
        places=(
            "w parku|na dworcu|w kuchni|za domem|przed szkołą|na targu|na moście|w ogrodzie|nad rzeką|w bibliotece|"
            "obok kościoła|na lotnisku|w małym sklepie|pod dużym drzewem"
        ),
        times=(
            "dzisiaj|każdego ranka|po obiedzie|w niedzielę|wieczorem|przed śniadaniem|w południe|od czasu do czasu|"
            "raz w tygodniu|zimą|w nocy|o siódmej"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time} {subject} {verb} {thing} {place}.",
            "Czy {subject} {verb} {thing} {place} {time}?",
        ),
        commands=(
            "[Włącz|Wyłącz] [światło|radio|ogrzewanie|wentylator|telewizor|muzykę] [w kuchni|w sypialni|w łazience|"
            "w korytarzu|w biurze|na górze|wszędzie]",
            "Ustaw [minutnik|budzik] na [dwie|trzy|cztery|dwadzieścia dwie|trzydzieści trzy|czterdzieści cztery] "
            "minuty",
            "Ustaw [minutnik|budzik] na [pięć|sześć|siedem|osiem|dziewięć|dziesięć|dwadzieścia|trzydzieści] minut",
            "Zagraj [trochę jazzu|kołysankę|wiadomości|moją ulubioną piosenkę|spokojną muzykę|walca|ostatnią płytę|"
            "piosenki dla dzieci] [w kuchni|w sypialni|w biurze|na górze|wszędzie]",
            "Zadzwoń do [Anny|Piotra|mojej mamy|lekarza|szkoły|warsztatu|naszego sąsiada|babci] [do domu|do pracy|"
            "jeszcze raz|po obiedzie]",
            "[Otwórz|Zamknij] [drzwi|okno|garaż|zasłony|bramę] [teraz|trochę|później|za dziesięć minut]",
        ),
    ),
    "pt": Grammar(
        name="Portuguese",
        letters="áâãàçéêíóôõú",
        digits="zero um dois três quatro cinco seis sete oito nove",
        one=(
            "o meu irmão|a professora|o nosso vizinho|uma jovem médica|o velho pescador|a tia dela|o padeiro|"
            "a minha melhor amiga|a menina do lado|um rapaz alto|o jardineiro|Ana"
        ),
        many=(
            "as crianças|os meus pais|dois turistas|os nossos convidados|os camponeses|as irmãs dele|três estudantes|"
            "os operários"
        ),
        verbs=(
            "compra compram|vende vendem|encontra encontram|desenha desenham|leva levam|procura procuram|"
            "limpa limpam|descreve descrevem|fotografa fotografam|esconde escondem|escolhe escolhem|segura seguram|"
            "mostra mostram|perde perdem"
        ),
        things=(
            "uma maçã vermelha|a garrafa azul|um relógio antigo|um caderno novo|a mesa pequena|um mapa da cidade|"
            "um chapéu verde|a caixa pesada|uma lâmpada branca|a velha guitarra|uma carta longa|dois copos|"
            "pão fresco|um pedaço de queijo|flores amarelas|um casaco quente|a chave errada|uma máquina fotográfica|"
            "um cesto grande|o espelho redondo|um lenço branco|o jornal|um bolo de chocolate|uma bola de couro|"
            "uma cadeira de madeira|o quadro|um anel de prata|um saco preto|nove pratos|um par de sapatos|"
            "a bicicleta|uma garrafa de leite"
        ),
        places=(
            "no parque|na estação|na cozinha|atrás da casa|em frente da escola|no mercado|na ponte|no jardim|"
            "perto do rio|na biblioteca|ao lado da igreja|no aeroporto|na pequena loja|debaixo da grande árvore"
        ),
        times=(
            "hoje|todas as manhãs|depois do almoço|aos domingos|à tarde|antes do jantar|ao fim do dia|"
            "de vez em quando|uma vez por semana|no inverno|à noite|às sete horas"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time} {subject} {verb} {thing} {place}.",
            "Será que {subject} {verb} {thing} {place} {time}?",
        ),
        commands=(
            "[Liga|Desliga] [a luz|o rádio|o aquecimento|o ventilador|a televisão|a música] [na cozinha|no quarto|"
            "na sala|no corredor|no escritório|em cima|em toda a casa]",
            "Põe [um alarme|um temporizador] de [dois|três|quatro|cinco|seis|sete|oito|nove|dez|quinze|vinte|trinta] "
            "minutos",
            "Toca [um pouco de jazz|uma canção de embalar|as notícias|a minha canção preferida|música calma|"
            "uma valsa|o último disco|canções infantis] [na cozinha|no quarto|no escritório|em cima|em toda a casa]",
            "Telefona [à Ana|ao Pedro|à minha mãe|ao médico|à escola|à oficina|ao nosso vizinho|à avó] [em casa|"
            "no trabalho|outra vez|depois do almoço]",
            "[Abre|Fecha] [a porta|a janela|a garagem|as cortinas|o portão] [agora|um pouco|mais tarde|"
            "daqui a dez minutos]",
        ),
    ),
    "sv": Grammar(
        name="Swedish",
        letters="åäöé",
        digits="noll ett två tre fyra fem sex sju åtta nio",
        one=(
            "min bror|läraren|vår granne|en ung läkare|den gamle mannen|hennes moster|bagaren|min bästa vän|"
            "flickan i huset bredvid|en lång pojke|trädgårdsmästaren|Anna"
        ),
        many="barnen|mina föräldrar|två turister|våra gäster|bönderna|hans systrar|tre studenter|arbetarna",
        verbs=(
            "köper köper|säljer säljer|hittar hittar|ritar ritar|bär bär|söker söker|putsar putsar|"
            "beskriver beskriver|fotograferar fotograferar|gömmer gömmer|behöver behöver|väljer väljer|tappar tappar|"
            "visar visar"
        ),
        things=(
            "ett rött äpple|den blå flaskan|en gammal klocka|ett nytt paraply|det lilla bordet|en karta över staden|"
            "en grön hatt|den tunga lådan|en vit lampa|den gamla gitarren|ett långt brev|två koppar|färskt bröd|"
            "en bit ost|gula blommor|en varm rock|fel nyckel|en billig kamera|en stor korg|den runda spegeln|"
            "en grå halsduk|tidningen|en kaka med choklad|en boll av läder|en stol av trä|tavlan|en ring av silver|"
            "en svart väska|nio tallrikar|ett par skor|cykeln|en flaska mjölk"
        ),
        places=(
            "i parken|på stationen|i köket|bakom huset|framför skolan|på torget|på bron|i trädgården|vid floden|"
            "på biblioteket|bredvid kyrkan|på flygplatsen|i den lilla affären|under det stora trädet"
        ),
        times=(
            "idag|varje morgon|efter maten|på söndag|på kvällen|före frukosten|mitt på dagen|då och då|"
            "en gång i veckan|på vintern|på natten|klockan sju"
        ),
        patterns=(
            "{subject} {verb} {thing} {place} {time}.",
            "{time} {verb} {subject} {thing} {place}.",
            "{verb} {subject} {thing} {place} {time}?",
        ),
        commands=(
            "[Tänd|Släck] [lampan|lampan vid bordet|alla lampor|takljuset|den lilla lampan|den röda lampan] [i köket|"
            "i sovrummet|i badrummet|i hallen|på kontoret|på övervåningen]",
            "Sätt [en timer|ett larm] på [två|tre|fyra|fem|sex|sju|åtta|nio|tio|femton|tjugo|trettio] minuter",
            "Spela [lite jazz|en vaggvisa|nyheterna|min favoritlåt|lugn pianomusik|en vals|det senaste albumet|"
            "barnvisor] [i köket|i sovrummet|på kontoret|på övervåningen|överallt]",
            "Ring [Anna|Peter|min mamma|läkaren|skolan|verkstaden|vår granne|mormor] [hemma|på jobbet|en gång till|"
            "efter maten]",
            "[Öppna|Stäng] [dörren|fönstret|garaget|gardinerna|grinden] [nu|lite|senare|om tio minuter]",
        ),
    ),
}
