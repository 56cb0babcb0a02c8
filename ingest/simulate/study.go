package simulate

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// writeStudies writes the studies of the region.
func writeStudies(dir string, w *region.Window) error {
	return errors.Join(writeFile(dir, "study.toml", []byte(studyText(w))), writeFile(dir, "study-cas.toml", []byte(casStudyText(w))))
}

// studyText is the study.toml of the region: the one an operator would write.
func studyText(w *region.Window) string {
	var text strings.Builder
	studyHead(&text, w)
	text.WriteString(studySources)
	if w.Years > 0 {
		text.WriteString(studyMoreSources)
	}
	text.WriteString(studyDirectory)
	if w.Years > 0 {
		text.WriteString(studyMoreAccounts)
	}
	text.WriteString(studyReference)
	text.WriteString(studyRegisters)
	text.WriteString(studyMessages)
	if w.Years > 0 {
		text.WriteString(studyMoreRegisters)
	}
	studyDeclared(&text, w)
	text.WriteString(studyPolicies)
	fmt.Fprintf(&text, studyOutput, "")
	return text.String()
}

// casStudyText is a study over the log of the CAS server alone: no other feed,
// no register, and no reference data but the schools and the calendar.
func casStudyText(w *region.Window) string {
	var text strings.Builder
	studyHead(&text, w)
	text.WriteString(studyCAS)
	text.WriteString(studyDirectory)
	text.WriteString(studyReference)
	text.WriteString(studyPolicies)
	fmt.Fprintf(&text, studyOutput, "cas/")
	return text.String()
}

func studyHead(text *strings.Builder, w *region.Window) {
	term := "2025-T1"
	if w.Years > 0 {
		term = w.SchoolYear()[:4] + "-" + w.Date(w.Days-1).Format("2006")
	}
	fmt.Fprintf(text, studyFormat, w.SchoolYear(), term, w.Date(0).Format(time.DateOnly), w.Date(w.Days-1).Format(time.DateOnly))
}

// studyDeclared writes what the study declares beforehand: the deadlines, and
// the lockdown.
func studyDeclared(text *strings.Builder, w *region.Window) {
	for _, d := range w.Deadlines() {
		fmt.Fprintf(text, "[[deadline]]\nname = %q\nlabel = %q\nday = %s\n", d.Name, d.Label, w.Date(d.Day).Format(time.DateOnly))
		for _, l := range []struct {
			key    string
			values []string
		}{{"levels", d.Levels}, {"grades", d.Grades}} {
			if len(l.values) > 0 {
				fmt.Fprintf(text, "%s = [\"%s\"]\n", l.key, strings.Join(l.values, `", "`))
			}
		}
		text.WriteString("\n")
	}
	if w.Lockdown[0] != region.NoDay {
		fmt.Fprintf(text, "[[event]]\nname = \"confinement\"\nlabel = \"Confinement (planté)\"\nstart = %s\nend = %s\n\n",
			w.Date(w.Lockdown[0]).Format(time.DateOnly), w.Date(w.Lockdown[1]-1).Format(time.DateOnly))
	}
}

const studyFormat = `# A study of a simulated region: nobody in it exists.
# Paths are relative to this file.

[study]
name = "demo"
purpose = "usages-familles"      # part of every pseudonym
school_year = "%s"
term = "%s"
start = %s               # local days, both included
end = %s
timezone = "Europe/Paris"
subject = "parent"               # whose behaviour is studied
synthetic = true                 # printed on every page

[key]
file = "master.key"              # made by: entscope key init

`

const studySources = `# One [[source]] for each feed of events.
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

`

const studyCAS = `[[source]]
name = "cas"
format = "cas"                   # audit trail: log ins
files = ["raw/cas/*.log"]
accounts = "cas"

`

// The video service's log, and the second instrument of what is done on a phone.
const studyMoreSources = `[[source]]
name = "app"
format = "combined"              # access logs of the mobile application's front
files = ["raw/app/*.log"]
accounts = "entcore"
map = "entcore"
school_pattern = '([0-9]{7}[A-Z])'

[[source]]
name = "visio"
format = "csv"                   # who entered which room of the video service
files = ["raw/visio/*.csv"]
accounts = "visio"
[source.csv]
delimiter = ";"
charset = "utf-8"
columns = { account = "Identifiant", at = "Entrée", school = "UAI" }
constants = { service = "video", action = "access" }
datetime = "02/01/2006 15:04:05"
timezone = "Europe/Paris"

`

const studyDirectory = `[directory]
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

`

const studyMoreAccounts = `[[directory.accounts]]
files = ["raw/accounts/visio.csv"]
accounts = "visio"
[directory.accounts.csv]
delimiter = ";"
charset = "utf-8"
columns = { person = "Code AAF", account = "Identifiant", profile = "Type de compte" }
values.profile = { Responsable = "parent" }

`

const studyReference = `[reference.schools]
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

`

const studyRegisters = `[registers.publications]         # when grades were published to a class: times only
files = ["raw/registers/publications.csv"]
[registers.publications.csv]
delimiter = ";"
charset = "iso-8859-15"
columns = { school = "UAI", class = "Classe", at = "Publié le", assessed = "Évalué le", returned = "Rendu le" }
datetime = "02/01/2006 15:04"
date = "02/01/2006"
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

`

const studyMessages = `[registers.messages]             # who wrote to whom when, who opened when: no text
files = ["raw/registers/messages.csv"]
[registers.messages.csv]
delimiter = ";"
charset = "utf-8"
columns = { message = "Message", thread = "Fil", school = "UAI", sender = "Expéditeur", sender_profile = "Profil expéditeur", recipient = "Destinataire", recipient_profile = "Profil destinataire", sent = "Envoyé le", opened = "Ouvert le", recipients = "Destinataires", bytes = "Octets", delivery = "Fichier", deadline = "Réponse avant" }
values.sender_profile = { Responsable = "parent", "Élève" = "pupil", Enseignant = "teacher", Personnel = "admin" }
values.recipient_profile = { Responsable = "parent", "Élève" = "pupil", Enseignant = "teacher", Personnel = "admin" }
datetime = "02/01/2006 15:04:05"
timezone = "Europe/Paris"

[registers.contents]             # what was published to a class or a school
files = ["raw/registers/contenus.csv"]
[registers.contents.csv]
delimiter = ";"
charset = "utf-8"
columns = { school = "UAI", class = "Classe", at = "Publié le", kind = "Type", media = "Média" }
datetime = "2006-01-02 15:04"
timezone = "Europe/Paris"

[registers.settings]             # what a school has set, from when to when
files = ["raw/registers/parametres.csv"]
[registers.settings.csv]
delimiter = ";"
charset = "utf-8"
columns = { school = "UAI", setting = "Paramètre", value = "Valeur", from = "Du", to = "Au" }
date = "2006-01-02"

[registers.report_books]         # when the report books of a term were published
files = ["raw/registers/livrets.csv"]
[registers.report_books.csv]
delimiter = ";"
charset = "utf-8"
columns = { school = "UAI", level = "Niveau", at = "Publié le" }
datetime = "2006-01-02 15:04"
timezone = "Europe/Paris"

`

const studyMoreRegisters = `[registers.procedures]           # téléservices that a family may complete
files = ["raw/registers/demarches.csv"]
[registers.procedures.csv]
delimiter = ";"
charset = "utf-8"
columns = { child = "Eleve", kind = "Démarche", deadline = "Échéance", done = "Faite le" }
date = "2006-01-02"

[registers.loans]                # equipment lent, or waited for
files = ["raw/registers/prets.csv"]
[registers.loans.csv]
delimiter = ";"
charset = "utf-8"
columns = { child = "Eleve", requested = "Demandé le", start = "Prêté le", end = "Rendu le" }
date = "2006-01-02"

[registers.training]             # sessions for the staff of a school: no name
files = ["raw/registers/formations.csv"]
[registers.training.csv]
delimiter = ";"
charset = "utf-8"
columns = { school = "UAI", date = "Date", sessions = "Sessions" }
date = "02/01/2006"

[registers.meetings]             # who was invited to a remote meeting, who came
files = ["raw/registers/reunions.csv"]
[registers.meetings.csv]
delimiter = ";"
charset = "utf-8"
columns = { meeting = "Réunion", person = "Responsable", date = "Date", joined = "Présent" }
date = "02/01/2006"

`

const studyPolicies = `[policies]
research = "policies/research.toml"
schools = "policies/schools.toml"
publication = "policies/publication.toml"

`

const studyOutput = `[output]
restricted = "%[1]srestricted"
editions = "%[1]seditions"
published = "%[1]spublished"

[limits]
memory_mb = 512
max_reject_share = 0.05
threads = 2
`
