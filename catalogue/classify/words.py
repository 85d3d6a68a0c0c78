"""What the name of a column or a table says: words for personal data in several languages."""

from functools import lru_cache

from catalogue.classify.spelling import word_set, words_of

_WORDS = {
    "email": "email emails mail mails e_mail mailadresse correo courriel epost email1 email2",
    "phone": (
        "phone telephone tel mobile cell cellphone msisdn fax telefon telefono telefone telefoon "
        "handy handynummer mobil movil cellulare portable gsm telemovel celular komorka rufnummer "
        "telefonnummer telnr tlf telno phonenumber mobilnummer"
    ),
    "person": (
        "first_name last_name middle_name full_name given_name family_name surname forename "
        "firstname lastname fullname fname lname maiden_name contact_name contact_person "
        "vorname nachname familienname zuname geburtsname ansprechpartner kontaktperson "
        "prenom nom_famille nom_de_famille nom_complet nom_usage patronyme "
        "apellido apellidos primer_apellido nombre_completo nombre_pila "
        "cognome nome_completo sobrenome apelido nome_cognome nominativo "
        "voornaam achternaam tussenvoegsel roepnaam volledige_naam "
        "imie nazwisko imie_nazwisko imiona cardholder cardholder_name beneficiary_name "
        "emergency_contact next_of_kin patient_name customer_name employee_name"
    ),
    "postcode": (
        "postcode postal_code postalcode zip zipcode zip_code plz postleitzahl code_postal cp "
        "codigo_postal cap codice_postale cep kod_pocztowy postnr"
    ),
    "address": (
        "address addr address1 address2 address_line street street_address addr_street "
        "adresse anschrift strasse hausnummer wohnort rue voie direccion domicilio calle "
        "indirizzo residenza endereco morada logradouro adres straat straatnaam huisnummer "
        "ulica adres_zamieszkania"
    ),
    "birth": (
        "dob birth_date date_of_birth birthdate birthday birth_dt birthdt born_on geburtsdatum "
        "gebdat geburtstag gebdatum date_naissance date_de_naissance naissance fecha_nacimiento "
        "fecha_de_nacimiento fnac data_nascita data_di_nascita nascita data_nascimento nascimento "
        "geboortedatum geboren_op data_urodzenia urodzenia"
    ),
    "national_id": (
        "ssn social_security nhs_number nhs_no nhsnumber national_insurance nino national_id "
        "tax_id taxid tin passport passport_number passport_no driver_license drivers_license "
        "driving_licence licence_no identity_number id_card steuer_id steuerid steuernummer "
        "sozialversicherungsnummer svnr ausweisnummer personalausweis reisepass nir "
        "numero_securite_sociale securite_sociale num_secu nss carte_identite dni nie nif cif_nif "
        "codice_fiscale codfis codfiscale carta_identita bsn sofinummer burgerservicenummer "
        "rijksregisternummer paspoort pesel nr_dowodu dowod_osobisty cpf rg_numero personnummer "
        "ins_policy_num mrn medical_record"
    ),
    "iban": (
        "iban bank_account account_iban bankkonto kontonummer kontonr bankverbindung rib "
        "cuenta_bancaria conto_corrente bankrekening rekeningnummer numer_konta sort_code"
    ),
    "card": (
        "card_number cardnumber credit_card creditcard debit_card cc_number ccnum card_no pan "
        "kreditkarte kartennummer carte_bancaire tarjeta_credito carta_credito creditcardnummer"
    ),
    "ip": "ip ip_address ipaddress ip_addr client_ip remote_addr ipv4 ipv6 ips ip_adresse",
    "username": (
        "username user_name login login_name screen_name benutzername nutzername identifiant "
        "nombre_usuario nome_utente gebruikersnaam nazwa_uzytkownika"
    ),
    "secret": (
        "password passwd pwd password_hash passwort kennwort mot_de_passe contrasena senha "
        "wachtwoord haslo api_key apikey access_token refresh_token auth_token private_key "
        "secret secret_key client_secret cvv cvc pin_code security_answer"
    ),
    "pay": (
        "salary wage annual_salary base_salary gehalt lohn bruttogehalt salaire remuneration "
        "salario sueldo stipendio retribuzione salaris ordenado pensja wynagrodzenie"
    ),
    "health": (
        "diagnosis blood_type blood_group allergies medical_history disability diagnose blutgruppe "
        "krankheit behinderung maladie groupe_sanguin diagnostico enfermedad diagnosi malattia "
        "ziekte choroba icd_code icd10"
    ),
    "belief": (
        "religion ethnicity race sexual_orientation political_party union_member konfession "
        "religionszugehoerigkeit herkunft ethnie confession religione religie wyznanie "
        "nationality staatsangehoerigkeit"
    ),
}  # fmt: skip
_STEMS = {
    "email": "email correoelectronico mailadresse posta_elettronica",
    "phone": "phone telefon handynummer",
    "person": (
        "vorname nachname firstname lastname surname achternaam voornaam cognome apellido nazwisko"
    ),
    "address": "streetaddress homeaddress mailingaddress strassenname wohnadresse",
    "postcode": "postcode postalcode postleitzahl zipcode codepostal codigopostal",
    "birth": "birthdate dateofbirth geburtsdatum geboortedatum naissance nacimiento nascita",
    "national_id": "socialsecurity passportn codicefiscale nhsnumber taxid nationalid",
    "iban": "iban kontonummer",
    "card": "creditcard cardnumber kreditkarte",
    "ip": "ipaddress",
    "secret": "password passwort",
}  # fmt: skip
_ABOUT_SOMETHING_ELSE = word_set(
    "id ids key count cnt num_of flag is has opt optin optout verified valid validated confirmed "
    "template subject status type kind model brand os domain sent opened opens clicks clicked "
    "rate ratio pct percent length provider campaign at ts timestamp created updated version "
    "cost costs price fee amount bounce bounced list unsubscribed score total plan ext "
    "city country state"
)
_PEOPLE = word_set(
    "customer customers client clients patient patients employee employees staff worker user users "
    "member members person persons people contact contacts subscriber subscribers guest guests "
    "student students citizen citizens applicant applicants candidate candidates lead leads donor "
    "donors doctor doctors teacher driver drivers passenger passengers tenant cust emp usr pers "
    "kunde kunden mitarbeiter person patient nutzer mitglied mitglieder bewerber ansprechpartner "
    "personal cliente clientes empleado empleados paciente pacientes usuario usuarios persona "
    "personas employe employes utilisateur utilisateurs salarie salaries personne "
    "dipendente dipendenti paziente pazienti utente utenti klant klanten medewerker medewerkers "
    "gebruiker persoon funcionario paciente klient klienci pracownik pracownicy osoba osoby "
    "salesperson salespersons beneficiary holder hr payroll"
)
_PLACES = word_set(
    "store stores shop shops branch branches warehouse warehouses airport airports station "
    "stations site sites facility facilities hotel hotels restaurant restaurants merchant "
    "merchants vendor vendors supplier suppliers company companies office offices location "
    "locations venue venues depot depots school schools hospital hospitals property properties "
    "filiale filialen lieferant lager standort magasin fournisseur tienda proveedor negozio "
    "fornitore winkel leverancier sklep"
)
_OWNED = word_set(
    "home billing shipping delivery mailing private personal residential customer cust client "
    "patient employee emp user contact wohn kunden rechnungs liefer"
)


@lru_cache(maxsize=8192)
def kind_named(column: str) -> str | None:
    """Return the kind of personal data that a column's name speaks of, or None.

    >>> kind_named("kunde_geburtsdatum"), kind_named("email_opt_in"), kind_named("order_no")
    ('birth', None, None)
    """
    words = words_of(column)
    compact = "".join(words)
    named = next((kind for kind in _WORDS if _speaks_of(kind, words, compact)), None)
    if named in (None, "secret"):
        return named
    said = {part for phrase in _phrases(named) for part in phrase}
    return None if any(w in _ABOUT_SOMETHING_ELSE and w not in said for w in words) else named


def is_about_people(table: str) -> bool:
    """True where a table's name says that its rows are people."""
    return not _PEOPLE.isdisjoint(words_of(table))


def is_about_places(table: str) -> bool:
    """True where a table's name says that its rows are shops, companies or other places."""
    return not _PLACES.isdisjoint(words_of(table)) and not is_about_people(table)


def is_owned(column: str) -> bool:
    """True where a column's name says that it belongs to a person: `billing_zip`."""
    return not _OWNED.isdisjoint(words_of(column))


def _speaks_of(kind: str, words: tuple[str, ...], compact: str) -> bool:
    if any(_contains(words, phrase) for phrase in _phrases(kind)):
        return True
    return any(stem.replace("_", "") in compact for stem in _STEMS.get(kind, "").split())


@lru_cache
def _phrases(kind: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split("_")) for phrase in _WORDS[kind].split())


def _contains(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    width = len(phrase)
    return any(words[at : at + width] == phrase for at in range(len(words) - width + 1))
