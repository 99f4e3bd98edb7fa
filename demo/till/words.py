"""What the shop sells in words: rayons, families, brands, sizes, colours, names and sentences.

The promise: invented names only (no brand, person or book here is a real one), French as a shop
writes it, with accents, ligatures and apostrophes. No name holds a sign that a shop refuses
(`<>={}#;`). Pure values; `catalogue` draws from them.

    FAMILIES[0].fr         # 'Bottes & bottines'
    FAMILIES[0].types[0]   # ('Bottine', 'ankle boot')
    SIZES[38]              # '38'
    COLOURS[0].fr          # 'noir'
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rayon:
    """The first level of the tree, known by one letter."""

    code: str
    fr: str
    en: str


@dataclass(frozen=True)
class Family:
    """The second level of the tree and how its articles look.

    Args:
        code: Family code; its first letter is the rayon's code.
        fr: Name in French.
        en: Name in English.
        types: Kinds of article, each in French and in English.
        euros: Lowest and highest price in euros, tax included.
        sizes: First and last size code, or None: simple articles without variants.
        weight: Usual weight in grams.
        share: How often the family is drawn; all shares together are about 300.
        vat_code: Code in the till's list of rates.
    """

    code: str
    fr: str
    en: str
    types: tuple[tuple[str, str], ...]
    euros: tuple[int, int]
    sizes: tuple[int, int] | None
    weight: int
    share: int
    vat_code: int = 1


@dataclass(frozen=True)
class Colour:
    """A colour of the till's list; hexa is `#rrggbb`."""

    code: str
    fr: str
    en: str
    hexa: str


VAT_RATES = [(1, "20,00", "Taux normal"), (2, "5,50", "Taux réduit")]

RAYONS = (
    Rayon("F", "Femme", "Women"),
    Rayon("H", "Homme", "Men"),
    Rayon("E", "Enfant & bébé", "Children & babies"),
    Rayon("A", "Accessoires", "Accessories"),
    Rayon("L", "Entretien & librairie", "Shoe care & books"),
)

_F, _H = (36, 41), (40, 45)

FAMILIES = (
    Family(
        "F01",
        "Bottes & bottines",
        "Boots & ankle boots",
        (
            ("Bottine", "ankle boot"),
            ("Botte cavalière", "riding boot"),
            ("Chelsea", "Chelsea boot"),
        ),
        (89, 229),
        _F,
        950,
        36,
    ),
    Family(
        "F02",
        "Escarpins & salomés",
        "Pumps & T-straps",
        (("Escarpin", "pump"), ("Salomé", "T-strap shoe"), ("Babies", "Mary Jane")),
        (79, 149),
        _F,
        520,
        24,
    ),
    Family(
        "F03", "Ballerines", "Ballet flats", (("Ballerine", "ballet flat"),), (49, 99), _F, 380, 20
    ),
    Family(
        "F04",
        "Sandales & mules d'été",
        "Sandals & summer mules",
        (("Sandale", "sandal"), ("Mule", "mule"), ("Nu-pieds", "strappy sandal")),
        (45, 119),
        _F,
        430,
        26,
    ),
    Family(
        "F05", "Baskets femme", "Women's trainers", (("Basket", "trainer"),), (59, 129), _F, 620, 22
    ),
    Family(
        "F06",
        "Chaussons femme",
        "Women's slippers",
        (("Chausson", "slipper"), ("Charentaise", "felt slipper")),
        (25, 59),
        _F,
        300,
        12,
    ),
    Family(
        "H01",
        "Derbies & richelieus",
        "Derbies & Oxfords",
        (("Derby", "derby"), ("Richelieu", "Oxford shoe")),
        (109, 259),
        _H,
        980,
        26,
    ),
    Family(
        "H02",
        "Mocassins & bateaux",
        "Loafers & boat shoes",
        (("Mocassin", "loafer"), ("Bateau", "boat shoe")),
        (79, 169),
        _H,
        760,
        16,
    ),
    Family(
        "H03",
        "Boots homme",
        "Men's boots",
        (("Boots", "boot"), ("Brodequin", "lace-up boot")),
        (119, 239),
        _H,
        1150,
        14,
    ),
    Family(
        "H04", "Baskets homme", "Men's trainers", (("Basket", "trainer"),), (65, 139), _H, 780, 14
    ),
    Family(
        "H05", "Espadrilles", "Espadrilles", (("Espadrille", "espadrille"),), (25, 59), _H, 350, 8
    ),
    Family(
        "E01",
        "Premiers pas",
        "First steps",
        (("Bottillon", "baby boot"), ("Chausson souple", "soft slipper")),
        (29, 75),
        (18, 24),
        260,
        12,
    ),
    Family(
        "E02",
        "Baskets & bottes enfant",
        "Children's trainers & boots",
        (("Basket enfant", "children's trainer"), ("Botte de pluie", "rain boot")),
        (25, 79),
        (28, 35),
        480,
        14,
    ),
    Family(
        "A01",
        "Chaussettes & collants",
        "Socks & tights",
        (("Chaussettes", "socks"), ("Mi-bas", "knee socks")),
        (6, 19),
        (101, 103),
        70,
        8,
    ),
    Family(
        "A02",
        "Semelles & lacets",
        "Insoles & laces",
        (("Semelles", "insoles"), ("Lacets", "laces")),
        (3, 29),
        None,
        90,
        12,
    ),
    Family(
        "A03",
        "Sacs & pochettes",
        "Bags & clutches",
        (("Sac", "bag"), ("Pochette", "clutch")),
        (39, 139),
        None,
        640,
        8,
    ),
    Family(
        "L01",
        "Cirages, crèmes & brosses",
        "Polishes, creams & brushes",
        (("Cirage en pâte", "wax polish"), ("Crème d'entretien", "cream"), ("Brosse", "brush")),
        (5, 25),
        None,
        150,
        20,
    ),
    Family(
        "L02",
        "Livres du cordonnier",
        "Cobbler's books",
        (("L'art du glaçage", "The art of shine"), ("Carnet d'atelier", "Workshop notes")),
        (9, 32),
        None,
        410,
        8,
        vat_code=2,
    ),
)

FAMILY = {family.code: family for family in FAMILIES}

BRANDS = (
    "Maison Ruelle",
    "Côte & Semelle",
    "Père Gaspard",
    "Les Pieds d'Éole",
    "Brindille",
    "Señora Paso",
    "Ærø Sko",
    "L'Œillet",
    "Atelier Boréal",
    "Zwölf Schritte",
)
SUPPLIERS = ("Tannerie du Lac SARL", "Comptoir du Cuir & Cie", "Établissements Fabre-Noël")

# Codes are the till's own: shoe sizes are their own code, socks come in three spans.
SIZES = {**{n: str(n) for n in range(18, 47)}, 101: "35/38", 102: "39/42", 103: "43/46"}

COLOURS = (
    Colour("NOI", "noir", "black", "#1c1c1e"),
    Colour("MAR", "marron", "brown", "#5b3a22"),
    Colour("COG", "cognac", "cognac", "#a5581f"),
    Colour("BMA", "bleu marine", "navy blue", "#1f2a4d"),
    Colour("BOR", "bordeaux", "burgundy", "#6b1528"),
    Colour("ECR", "écru", "ecru", "#e8dfc8"),
    Colour("VSA", "vert sapin", "fir green", "#1e4636"),
    Colour("ROP", "rose poudré", "powder pink", "#e2b7b4"),
    Colour("GRI", "gris perle", "pearl grey", "#b4b6ba"),
    Colour("JMO", "jaune moutarde", "mustard yellow", "#c99a2e"),
)

MATERIALS = (
    ("cuir grainé", "grained leather"),
    ("cuir vernis", "patent leather"),
    ("cuir lisse", "smooth leather"),
    ("nubuck", "nubuck"),
    ("velours côtelé", "corduroy"),
    ("daim", "suede"),
    ("toile enduite", "coated canvas"),
    ("cuir façon crêpe", "crepe-look leather"),
)

# The till's own codes: spring and summer, autumn and winter, all year.
SEASONS = (
    ("PE26", "Printemps-été 2026", "Spring-summer 2026"),
    ("AH26", "Automne-hiver 2026", "Autumn-winter 2026"),
    ("TTE", "Toute l'année", "All year"),
)
# Every shop of PrestaShop has that group: who signed in.
QUANTITY_LIST = ("QTE", "Tarif par quantité", "Customer")

_WOMEN = (
    "Adèle Agathe Aliénor Anaïs Apolline Blanche Capucine Céleste Clémence Coline Daphné Éloïse "
    "Fanny Garance Héloïse Inès Jeanne Josépha Léonie Lilou Maëlle Margaux Noémie Océane Pénélope "
    "Roxane Solène Thaïs Violette Zoé"
)
_MEN = (
    "Achille Aimé Anatole Barnabé Basile Côme Édouard Félix François Gaël Gaspard Grégoire Joël "
    "Léonard Loïc Marius Noël Octave Raphaël René Théodore Ulysse Valère Yvon Zéphyrin"
)
FIRST_NAMES = (*_WOMEN.split(), *_MEN.split())
NAMES_BY_RAYON = {"F": tuple(_WOMEN.split()), "H": tuple(_MEN.split())}  # the others: all

SUMMARIES = (
    "{type} {first} en {material}, fabriqué dans un petit atelier du Sud-Ouest.",
    "Le confort d'un chausson, l'allure d'un soulier : notre {first} en {material}.",
    "« {first} » : un grand classique de Clara, à l'aise dès le premier jour.",
    "{first}, cousu main — quantité limitée, 100 % {material}.",
)
# Rayons A and L: what is no shoe.
GOODS_SUMMARIES = (
    "{type} {first} : choisi par Clara, essayé à l'atelier.",
    "{type} {first}, fabriqué en France — à garder près du porte-manteau.",
)

# As shops paste them: accents as signs and as entities, styles, links, no-break spaces of both
# kinds, tags left open, a table, line breaks by hand.
HTML_FR = (
    "<p>Fabriqué à <strong>Romans-sur-Isère</strong>, notre <em>{first}</em> en {material} se "
    "porte toute l'année.</p><ul><li>Tige : {material}</li><li>Doublure : peau d'agneau</li>"
    "<li>Semelle : cuir &amp; gomme</li></ul>",
    '<p style="text-align: justify; color: #5b3a22;">Une chaussure pens&eacute;e pour les pieds '
    "sensibles&nbsp;: cambrure souple, talon de 3&nbsp;cm.</p><p>Entretien : voir "
    '<a href="https://www.semelles-de-clara.example/entretien?cuir=oui&amp;p=1" '
    'title="Nos conseils d\'entretien">nos conseils</a>.</p>',
    "<p>Modèle {first}<br>Matière\u00a0: {material}<br>Prenez votre pointure habituelle\u00a0!"
    "<p>Existe aussi sur commande dans d'autres coloris",
    '<div class="fiche"><h3>L\'avis de Clara</h3><p>« Le {first}, je le garde aux pieds du matin '
    "au soir. Le cœur de la semelle est en liège. »</p></div>",
    "<ul><li>Cousu trépointe<li>Ressemelable<li>Poids plume<li>Livré avec un sachet en coton</ul>"
    "Prix juste, marges affichées : 40&nbsp;€ de cuir, 25&nbsp;€ d'atelier…",
    '<table border="0" cellpadding="4"><tr><td>Hauteur de tige</td><td>12&nbsp;cm</td></tr>'
    '<tr><td>Talon</td><td><span style="font-weight:bold">4,5&nbsp;cm</span></td></tr></table>',
    "{first} en {material}.\nSimple, sobre, à mettre et à oublier.",
)
GOODS_HTML_FR = (
    "<p>{type} <em>{first}</em> : un cadeau qui plaît à ceux qui aiment leurs souliers.</p>",
    '<p style="margin-left: 12px">S&eacute;lection de l\'atelier&nbsp;: utilisé chaque jour par '
    'notre cordonnier. <a href="https://www.semelles-de-clara.example/conseils">Conseils</a><br>',
    "{type} {first}\u00a0: à offrir, à s'offrir.\nŒuvre d'un petit atelier des Cévennes.",
)
HTML_EN = (
    "<p>Made in <strong>Romans-sur-Isère</strong>: our <em>{first}</em> in {material}, for all "
    "seasons.</p>",
    '<p style="color: #5b3a22">Soft arch, 3&nbsp;cm heel. See <a '
    'href="https://www.semelles-de-clara.example/en/care">how to care for it</a>.</p>',
    "<p>{first}, {material}<br>Take your usual size<p>Can be resoled",
)
GOODS_HTML_EN = ("<p><em>{first}</em>: chosen by our own cobbler.</p>",)
