package simulate

import (
	"fmt"
	"time"
)

// studyText is the study.toml of the region: the one an operator would write.
func studyText(w *window) string {
	return fmt.Sprintf(studyFormat, w.date(0).Format(time.DateOnly), w.date(w.days-1).Format(time.DateOnly))
}

const studyFormat = `# A study of a simulated region: nobody in it exists.
# Paths are relative to this file.

[study]
name = "demo"
purpose = "usages-familles"      # part of every pseudonym
school_year = "2025-2026"
term = "2025-T1"
start = %s               # local days, both included
end = %s
timezone = "Europe/Paris"
subject = "parent"               # whose behaviour is studied
synthetic = true                 # printed on every page

[key]
file = "master.key"              # made by: entscope key init

# One [[source]] for each feed of events.
[[source]]
name = "neo"
format = "entcore"               # events as the export API gives them
files = ["raw/entcore/*.ndjson"]
accounts = "entcore"             # whose account ids these are

[[source]]
name = "netocentre"
format = "uportal"               # statistics log of the portal
files = ["raw/uportal/*.log"]
accounts = "uportal"

[[source]]
name = "cas"
format = "cas"                   # audit trail: log ins
files = ["raw/cas/*.log"]
accounts = "cas"

[[source]]
name = "pronote"
format = "combined"              # access logs of the fronts
files = ["raw/pronote/*.log.gz"]
accounts = "cas"                 # mod_auth_cas writes the CAS log in as authuser
map = "pronote"                  # which URL is which service
school_pattern = '([0-9]{7}[A-Z])' # the school, from the file's name

[directory]
aaf = ["raw/aaf/*.xml"]          # pupils, guardians, links, schools

# Whose account is whose, as each system exports it. Only whether there is an
# address or a number is kept.
[[directory.accounts]]
files = ["raw/accounts/entcore.csv"]
accounts = "entcore"
[directory.accounts.csv]
delimiter = ";"
charset = "utf-8"
columns = { person = "externalId", account = "id", profile = "profil", created = "date_creation", activated = "date_activation", email = "courriel", phone = "mobile" }
values.profile = { Relative = "parent", Student = "pupil", Teacher = "teacher", Personnel = "admin" }
date = "2006-01-02"

[[directory.accounts]]
files = ["raw/accounts/uportal.csv"]
accounts = "uportal"
[directory.accounts.csv]
delimiter = ","
charset = "utf-8"
columns = { person = "ENTPersonJointure", account = "uid", profile = "objectClass", created = "creation", activated = "activation", email = "mail", phone = "mobile" }
values.profile = { ENTAuxPersRelEleve = "parent", ENTEleve = "pupil", ENTAuxEnseignant = "teacher", ENTAuxNonEnsEtab = "admin" }
date = "20060102"

[[directory.accounts]]
files = ["raw/accounts/cas.csv"]
accounts = "cas"
[directory.accounts.csv]
delimiter = ";"
charset = "utf-8"
columns = { person = "Code AAF", account = "Identifiant", profile = "Type de compte", created = "Créé le", activated = "Activé le", email = "Courriel", phone = "Téléphone portable" }
values.profile = { Parent = "parent", "Élève" = "pupil", Professeur = "teacher", Personnel = "admin" }
date = "02/01/2006"

[reference.schools]
files = ["raw/reference/etablissements.csv"]
[reference.schools.csv]
delimiter = ";"
charset = "utf-8"
columns = { uai = "UAI", name = "Nom", level = "Type", sector = "Secteur", ep = "EP", ips = "IPS", academie = "Académie", zone = "Zone", alias = "id_ent", rollout = "ouverture" }
values.level = { "Ecole" = "ecole", "Collège" = "college", "Lycée" = "lycee" }
values.sector = { "public" = "public", "privé sous contrat" = "prive" }
values.ep = { "HEP" = "HEP", "REP" = "REP", "REPPLUS" = "REP+" }
date = "2006-01-02"

[reference.calendar]             # the open data's own headings
files = ["raw/reference/fr-en-calendrier-scolaire.csv"]

[registers.publications]         # when grades were published to a class: times only
files = ["raw/registers/publications.csv"]
[registers.publications.csv]
delimiter = ";"
charset = "iso-8859-15"
columns = { school = "UAI", class = "Classe", at = "Publié le" }
datetime = "02/01/2006 15:04"
timezone = "Europe/Paris"

[registers.accompaniment]        # who was accompanied, when, how
files = ["raw/registers/accompagnement.csv"]
[registers.accompaniment.csv]
delimiter = ";"
charset = "utf-8"
columns = { person = "Responsable", date = "Date", form = "Forme", mode = "Mode" }
values.form = { "Présentation" = "1", "Tutoriel" = "2", "Documentation" = "2", "Atelier" = "3", "Médiateur numérique" = "3", "Parent ressource" = "4" }
values.mode = { "Collectif" = "collective", "Individuel" = "individual" }
date = "02/01/2006"

[registers.equipment]            # the survey of the rentrée
files = ["raw/registers/equipement.csv"]
[registers.equipment.csv]
delimiter = ","
charset = "utf-8"
columns = { child = "Eleve", computer = "Ordinateur", network = "Internet fixe", date = "Date" }
date = "2006-01-02"

[policies]
research = "policies/research.toml"
schools = "policies/schools.toml"
publication = "policies/publication.toml"

[indicators]
compute = ["L1", "L2", "L4", "L5", "N1", "N2", "N3", "N5", "A1", "A2", "D3", "F2", "F5", "P1", "Q1", "R1"]

[output]
restricted = "restricted"
editions = "editions"
published = "published"

[limits]
memory_mb = 512
max_reject_share = 0.05
threads = 2
`
