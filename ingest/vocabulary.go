package ingest

// The vocabularies below are those of the DNMA (Dispositif national de mesure
// d'audience des ENT, Guide de marquage v2.0), with the DNMA's own codes, so
// that a school can compare. Codes from 100 on are ours, for what the DNMA does
// not name. The numbers are written to the restricted zone: never renumber.

// Profile is the kind of account holder.
type Profile int8

// Profiles, with the DNMA's codes.
const (
	ProfileUnknown   Profile = 0
	ProfilePupil     Profile = 1 // élèves
	ProfileTeacher   Profile = 2 // enseignants
	ProfileParent    Profile = 3 // parents
	ProfileAdmin     Profile = 4 // administratif, vie scolaire, technique
	ProfileOther     Profile = 6 // autres
	ProfileLocalBody Profile = 7 // collectivités
)

// Service is what part of the portal an event belongs to.
type Service int8

// Services, with the DNMA's codes up to 19.
const (
	ServiceUnknown       Service = 0
	ServiceStorage       Service = 1  // stockage et partage
	ServiceCollaboration Service = 2  // travail collaboratif
	ServiceGrades        Service = 3  // notes
	ServiceAbsences      Service = 4  // absences
	ServiceSchoolLife    Service = 5  // services de vie scolaire
	ServiceSkills        Service = 6  // gestion des compétences
	ServiceTimetable     Service = 7  // gestion du temps
	ServiceHomework      Service = 9  // cahier de textes
	ServiceMessages      Service = 10 // courrier électronique
	ServiceNews          Service = 11 // actualités
	ServiceBooking       Service = 12 // réservation de ressources
	ServiceResources     Service = 13 // ressources en ligne
	ServiceLibrary       Service = 15 // documentation CDI
	ServiceGuidance      Service = 16 // orientation
	ServicePaths         Service = 17 // parcours pédagogiques
	ServiceLocalBody     Service = 18 // services des collectivités
	ServiceVideo         Service = 19 // visioconférence
	ServicePortal        Service = 100
	ServiceSignIn        Service = 101
	ServiceReportBook    Service = 102 // livret scolaire unique (LSU)
	ServiceGrants        Service = 103 // bourses
	ServiceBlog          Service = 104
	ServiceAccount       Service = 105 // compte, annuaire, aide
	ServiceParentOnly    Service = 106 // page that only a guardian needs (fiche de renseignements, enfants)
	ServiceAccessibility Service = 107 // lecture vocale, traduction
)

// Action is what the account holder did.
type Action int8

// Actions.
const (
	ActionAccess      Action = 0 // opened or used a page or service
	ActionLogin       Action = 1
	ActionLogout      Action = 2
	ActionLoginFailed Action = 3
	ActionActivation  Action = 4
	ActionSend        Action = 5 // wrote a message or published
	ActionRead        Action = 6 // opened a message
	ActionSubmit      Action = 7 // handed in work
	ActionDownload    Action = 8
)

// Device is the class of the device, as the DNMA has them.
type Device int8

// Devices.
const (
	DeviceUnknown  Device = 0
	DeviceComputer Device = 1 // ordinateur
	DevicePhone    Device = 2 // smartphone
	DeviceTablet   Device = 3 // tablette
	DeviceOther    Device = 4 // autre
)

// Channel is how the portal was reached.
type Channel int8

// Channels.
const (
	ChannelUnknown Channel = 0
	ChannelWeb     Channel = 1
	ChannelApp     Channel = 2
)

// SchoolKey is the number a school has inside entscope: the seven digits of its
// UAI, or, for a name that is not a UAI, a 30-bit FNV-1a hash with bit 30 set.
// An empty name gives 0, "unknown". The check letter is not part of the key, so
// that a wrong letter can be flagged without losing the school.
func SchoolKey(name []byte) int32 {
	if len(name) == 0 {
		return 0
	}
	if len(name) == 8 {
		var n int32
		digits := true
		for _, c := range name[:7] {
			if c < '0' || c > '9' {
				digits = false
				break
			}
			n = n*10 + int32(c-'0')
		}
		if letter := name[7] | 0x20; digits && n > 0 && letter >= 'a' && letter <= 'z' {
			return n
		}
	}
	h := uint32(2166136261)
	for _, c := range name {
		h = (h ^ uint32(c)) * 16777619
	}
	return int32(h&0x3fffffff | 0x40000000)
}

// ValidUAI reports whether name is a UAI whose letter agrees with its number:
// "ABCDEFGHJKLMNPRSTUVWXYZ"[n mod 23].
func ValidUAI(name string) bool {
	if len(name) != 8 {
		return false
	}
	key := SchoolKey([]byte(name))
	return key > 0 && key < 0x40000000 && name[7] == "ABCDEFGHJKLMNPRSTUVWXYZ"[key%23]
}
