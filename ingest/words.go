package ingest

// The words that the values of a mapping lead to. Each vocabulary also takes
// the DNMA's code as a number.

// profiles are the words of the field profile.
var profiles = map[string]Profile{
	"unknown": ProfileUnknown, "pupil": ProfilePupil, "teacher": ProfileTeacher, "parent": ProfileParent,
	"admin": ProfileAdmin, "other": ProfileOther, "local_body": ProfileLocalBody,
}

var services = map[string]Service{
	"unknown": ServiceUnknown, "storage": ServiceStorage, "collaboration": ServiceCollaboration,
	"grades": ServiceGrades, "absences": ServiceAbsences, "school_life": ServiceSchoolLife,
	"skills": ServiceSkills, "timetable": ServiceTimetable, "homework": ServiceHomework,
	"messages": ServiceMessages, "news": ServiceNews, "booking": ServiceBooking,
	"resources": ServiceResources, "library": ServiceLibrary, "guidance": ServiceGuidance,
	"paths": ServicePaths, "local_body": ServiceLocalBody, "video": ServiceVideo,
	"portal": ServicePortal, "sign_in": ServiceSignIn, "report_book": ServiceReportBook,
	"grants": ServiceGrants, "blog": ServiceBlog, "account": ServiceAccount, "parent_only": ServiceParentOnly,
	"accessibility": ServiceAccessibility,
}

var actions = map[string]Action{
	"access": ActionAccess, "login": ActionLogin, "logout": ActionLogout, "login_failed": ActionLoginFailed,
	"activation": ActionActivation, "send": ActionSend, "read": ActionRead, "submit": ActionSubmit, "download": ActionDownload,
}

var devices = map[string]Device{
	"unknown": DeviceUnknown, "computer": DeviceComputer, "phone": DevicePhone, "tablet": DeviceTablet, "other": DeviceOther,
}

// ParseProfile reads a profile: a word ("parent") or the DNMA's code ("3").
func ParseProfile(text []byte) (Profile, bool) { return lookUp(profiles, text) }

// ParseService reads a service: a word ("grades") or its code.
func ParseService(text []byte) (Service, bool) { return lookUp(services, text) }

// ParseAction reads an action: a word ("login") or its code.
func ParseAction(text []byte) (Action, bool) { return lookUp(actions, text) }

// ParseDevice reads a class of device: a word ("phone") or its code.
func ParseDevice(text []byte) (Device, bool) { return lookUp(devices, text) }

// lookUp reads a word of a vocabulary or one of its codes. An empty text is
// unknown, which is the zero of every vocabulary here (access, for an action).
func lookUp[T ~int8](words map[string]T, text []byte) (T, bool) {
	if len(text) == 0 {
		return 0, true
	}
	if v, ok := words[string(text)]; ok {
		return v, true
	}
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 127 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	for _, v := range words {
		if int(v) == n {
			return v, true
		}
	}
	return 0, false
}
