"""Names of people: given and family names that are common in Europe and the Americas.

The lists need not hold every name: a column is judged by the share of its values that they hold.
"""

import re

from catalogue.classify.spelling import folded, word_set

_GIVEN = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew
anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason
jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel
gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry zachary
douglas peter kyle noah ethan jeremy walter christian keith roger terry harry ralph sean jesse roy
louis billy bruce eugene logan gabriel alan juan randy albert willie wayne carl arthur harold dylan
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret
sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura
helen sharon cynthia kathleen amy angela shirley anna brenda pamela emma nicole samantha katherine
christine catherine virginia debra rachel janet carolyn maria heather diane julie joyce victoria
kelly christina joan evelyn lauren judith olivia martha cheryl megan andrea hannah jacqueline ann
jean alice kathryn gloria teresa doris sara janice julia grace judy theresa beverly denise marilyn
amber danielle brittany diana jane lori rose sophia isabella mia chloe lily ella oliver leo oscar
archie freddie theo alfie charlie isla ava poppy daisy phoebe nigel graham ian colin neil stuart
hans peter klaus jurgen juergen stefan wolfgang andreas uwe bernd dieter manfred rainer frank
michael thomas markus matthias martin sebastian florian tobias jan jens dirk ralf holger sven lukas
felix jonas finn paul maximilian moritz philipp ursula monika petra elke sabine renate helga karin
brigitte ingrid erika andrea gisela claudia susanne gabriele christa katrin birgit anja stefanie
silke heike nicole melanie lena lea leonie johanna greta frieda mareike annika sabrina anke ute
jean pierre michel philippe alain patrick nicolas christophe laurent frederic julien sebastien
olivier pascal thierry stephane antoine guillaume maxime hugo lucas mathieu benoit francois jacques
rene marcel yves didier bruno marie nathalie isabelle sylvie catherine martine francoise valerie
christine monique sandrine veronique sophie celine camille chloe manon ines lea juliette aurelie
elodie emilie claire mathilde charlotte amelie lucie margaux helene brigitte cecile delphine
antonio manuel jose francisco javier carlos miguel rafael pedro alejandro fernando luis pablo sergio
jorge alberto alvaro adrian diego ruben ivan raul enrique ramon vicente andres joaquin santiago
eduardo ignacio gonzalo jaime maria carmen ana isabel dolores pilar josefa rosa cristina lucia marta
mercedes elena paula raquel sonia rocio beatriz silvia nuria alba irene yolanda ines sofia catalina
giuseppe giovanni antonio mario luigi francesco angelo vincenzo pietro salvatore carlo franco
domenico bruno paolo michele giorgio marco luca andrea matteo lorenzo alessandro davide simone
riccardo federico stefano roberto massimo fabio giulia chiara francesca federica alessia martina
valentina elisa giorgia rosa anna giovanna angela rosaria caterina lucia paola simona ilaria silvia
jan johannes cornelis hendrik willem pieter gerrit daan sem bram lars thijs ruben sander jeroen
maarten bas koen joost wouter dirk anneke johanna sanne lotte fleur eva femke marieke esther ingrid
joao jose antonio manuel paulo carlos luis miguel pedro rui nuno tiago bruno ricardo filipe goncalo
mariana beatriz ines matilde carolina rita catarina joana teresa fernanda juliana adriana leticia
jan andrzej piotr krzysztof stanislaw tomasz pawel jozef marcin marek michal grzegorz jerzy tadeusz
adam lukasz zbigniew ryszard dariusz henryk mariusz kazimierz wojciech robert mateusz rafal jacek
jakub szymon kacper filip anna maria katarzyna malgorzata agnieszka krystyna barbara ewa elzbieta
zofia jadwiga teresa joanna magdalena monika janina danuta irena halina aleksandra zuzanna natalia
mohammed mohamed muhammad ahmed ali omar hassan fatima aisha yusuf ibrahim mehmet mustafa ayse fatma
emre elif wei li ming chen priya rahul amit sanjay deepak sunita anjali ravi arjun vikram neha
olga natalya svetlana dmitri sergei vladimir igor ivan elena tatiana yuri boris erik lars olav bjorn
anders nils astrid sigrid freja mikkel soren magnus gustav linnea elin maja lucia
ada alan edith dora clara ida otto karl friedrich heinrich wilhelm georg fritz kurt emil anton
siobhan gareth rhys owen craig dean wendy hazel naomi rosemary tracy dawn gail gwen harriet edward
ulrike dietmar jutta heinz gerd horst rudolf hildegard gertrud kerstin britta antje elisabeth
margarete gottfried ludovic gaelle laetitia virginie karine agnes odile yvonne thibault cedric
jerome arnaud fabrice gilles inaki ximena inmaculada encarnacion consuelo montserrat amparo rodrigo
agustin tomas cesar felipe guillermo gennaro pasquale raffaele emanuele daniele concetta silvana
joris jelle bart henk kees piet wim marijke willemijn wiktoria bozena jolanta wieslawa zenon urszula
grazyna beata dorota renata iwona mieczyslaw boguslaw slawomir roman vasco duarte afonso margarida
"""
_FAMILY = """
smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez
wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark
ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green adams
nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker
cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper
peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james
bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez
davies khan begum shah ahmed hussain singh kaur murray clarke knight mason webb fletcher
muller mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer schaefer
koch bauer richter klein wolf schroder schroeder neumann schwarz zimmermann braun kruger krueger
hofmann hartmann lange schmitt werner schmitz krause meier lehmann schmid schulze maier kohler
koehler herrmann konig koenig walter mayer huber kaiser fuchs peters lang scholz moller moeller
weiss jung hahn schubert vogel friedrich keller gunther guenther frank berger winkler roth beck
lorenz baumann franke albrecht schuster simon ludwig bohm boehm winter kraus schumacher kramer vogt
martin bernard dubois thomas robert richard petit durand leroy moreau simon laurent lefebvre michel
garcia david bertrand roux vincent fournier morel girard andre lefevre mercier dupont lambert bonnet
francois martinez legrand garnier faure rousseau blanc guerin muller henry roussel nicolas perrin
morin mathieu clement gauthier dumont fontaine chevalier robin masson
fernandez gonzalez rodriguez martin gomez moreno munoz alonso romero navarro dominguez vazquez gil
serrano blanco molina suarez ortega delgado castro marin rubio sanz iglesias nunez medina garrido
rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti mancini
costa giordano rizzo lombardi moretti barbieri fontana santoro mariani rinaldi caruso ferrara galli
martini leone longo gentile martinelli vitale lombardo serra coppola marchetti parisi villa conte
jansen bakker visser smit meijer mulder bos vos peters hendriks dekker brouwer dijkstra janssen
maas verhoeven willems hoekstra koster prins huisman postma kuipers veenstra kramer janssens maes
silva santos ferreira pereira oliveira costa rodrigues martins jesus sousa fernandes goncalves gomes
lopes marques alves almeida ribeiro pinto carvalho teixeira moreira correia mendes nunes soares
vieira monteiro cardoso rocha souza lima barbosa araujo
nowak kowalski kowalska wisniewski wisniewska wojcik kowalczyk kaminski kaminska lewandowski
lewandowska zielinski zielinska szymanski szymanska wozniak dabrowski dabrowska kozlowski kozlowska
mazur jankowski kwiatkowski krawczyk kaczmarek piotrowski grabowski pawlowski michalski krol
jablonski wrobel nowakowski majewski olszewski stepien malinowski jaworski dudek adamczyk gorski
hansen johansen olsen larsen andersen nilsen pedersen kristiansen jensen nielsen christensen
johansson andersson karlsson nilsson eriksson larsson olsson persson svensson gustafsson
ivanov petrov smirnov kuznetsov popov volkov yilmaz kaya demir celik sahin wang zhang liu yang huang
zhao kumar sharma gupta tanaka suzuki sato watanabe yamamoto
"""
GIVEN = frozenset(_GIVEN.split())
FAMILY = frozenset(_FAMILY.split())
_PLAIN = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:,? [^\W\d_(][^\W\d_'’.\-]*){0,4}")
_BUSINESS = word_set(
    "inc llc ltd gmbh ag sa sarl srl spa bv nv plc corp co company group holding partners bros "
    "brothers sons airport intl international regional field memorial airlines airways air bank "
    "university college school hospital clinic hotel church park center centre island islands city "
    "county river lake bay beach falls hills mount north south east west new saint st san santa "
    "los las el la port fort street road avenue blend red blue black white green"
)
_TITLES = word_set("mr mrs ms miss dr prof sir herr frau mme m mlle sr sra srta don pan pani")
_PARTICLES = word_set("de da do dos van von der den la le di del della du el y e zu ter ten")


def name_parts(value: str) -> tuple[str, ...] | None:
    """Return the words of a value written like a name of a person, given name first, or None.

    >>> name_parts("MÜLLER, Dr. Anna"), name_parts("Newark Liberty Intl")
    (('anna', 'muller'), None)
    """
    if len(value) > 60 or not _PLAIN.fullmatch(value) or value[:1].islower():
        return None
    last, comma, first = folded(value).partition(",")
    spoken = f"{first} {last}" if comma else last
    words = [word.strip(".'’-,") for word in spoken.replace(",", " ").split()]
    words = [word for word in words if word and word not in _TITLES]
    if not words or any(word in _BUSINESS for word in words):
        return None
    return tuple(word for word in words if word not in _PARTICLES) or None


def is_business(value: str) -> bool:
    """True where a name says itself that it is a firm's or a place's.

    >>> is_business("Weber Logistik GmbH"), is_business("Anna Weber")
    (True, False)
    """
    return not _BUSINESS.isdisjoint(folded(value).replace(",", " ").split())


def is_known_name(parts: tuple[str, ...]) -> bool:
    """True where the words hold a name that is known at a place where people have it."""
    if len(parts) == 1:
        return not _known(parts[0]).isdisjoint(("given", "family"))
    return _given(parts[0]) or "family" in _known(parts[-1])


def is_full_name(first: str, last: str) -> bool:
    """True for a known given name followed by a known family name."""
    return _given(folded(first)) and "family" in _known(folded(last))


def _given(word: str) -> bool:
    return any(part in GIVEN for part in word.split("-"))


def _known(word: str) -> set[str]:
    return {
        kind
        for kind, names in (("given", GIVEN), ("family", FAMILY))
        if any(part in names for part in word.split("-"))
    }
