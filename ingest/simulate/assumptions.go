package simulate

import (
	"github.com/entscope/entscope/ingest/simulate/region"
)

// assumptions is what truth.json says of the generator.
func assumptions(c Config, schools int) map[string]any {
	comp := map[string]any{}
	for _, s := range region.Strata {
		name := region.LevelNames[s.Level] + " " + s.EP
		if s.Private {
			name = region.LevelNames[s.Level] + " private"
		}
		comp[name] = map[string]any{"schools_of_30": s.Per30, "ips_mean": s.IPSMean, "ips_sd": s.IPSSD}
	}
	m := map[string]any{
		"note":                                       "every value here is ASSUMED by the generator unless facts/calibration.json marks it SEEN; none is a result",
		"weeks":                                      c.Weeks,
		"schools":                                    schools,
		"composition":                                comp,
		"composition_note":                           "levels in equal parts and priority education oversampled (REP and REP+ each 4 of 30 schools), so that every group can be measured; strata keep these proportions, schools are drawn independently inside them",
		"system_share":                               map[string]float64{"entcore": region.SystemShare[0], "uportal": region.SystemShare[1], "pronote front and CAS": region.SystemShare[2]},
		"never_login":                                byLevel(region.NeverBase),
		"never_login_per_10_ips_logit":               region.NeverIPSSlope,
		"never_login_no_email_logit":                 region.NeverNoEmail,
		"never_login_first_guardian":                 region.NeverFirst,
		"never_login_second_guardian":                region.NeverSecond,
		"visits_per_active_parent_week":              byLevel(region.VisitsMean),
		"nb_theta":                                   region.ThetaVisits,
		"school_random_effect_sd_log":                region.SdSchool,
		"holiday_factor":                             region.HolidayFactor,
		"first_login_delayed_share":                  region.ShareDelayed,
		"first_login_hazard_per_week":                region.HazardDelayed,
		"accounts_created_in_window":                 region.ShareLate,
		"child_account_only_parents":                 byLevel(region.ChildOnly),
		"very_frequent_checkers_among_grade_viewers": region.CheckerShare,
		"reaction_share_of_visits":                   region.ReactionShare,
		"reaction_mean_hours":                        region.ReactionHours,
		"publications_per_class_week":                map[string]float64{"college": region.PublicationsCol, "lycee": region.PublicationsLyc},
		"hour_bands_share":                           hourMap(region.ParentHours),
		"weekday_weight":                             region.WeekdayWeight,
		"phone_only_parents":                         byLevel(region.PhoneOnly),
		"device_unknown_share":                       region.UnknownDevice,
		"parent_without_email":                       region.NoEmail,
		"two_guardians":                              region.TwoGuardians,
		"families_with_two_schools":                  region.CrossFamily,
		"families_with_two_schools_note":             "the chance where a later school of the basin has a neighbouring level",
		"accompanied":                                region.AccompaniedMean,
		"accompanied_by_past_visits_band":            region.AccompaniedBand,
		"accompaniment_true_effect":                  region.AccompaniedRate,
		"pupil_active":                               byLevel(region.PupilActive),
		"pupil_visits_week":                          byLevel(region.PupilVisits),
		"duplicate_share":                            region.DuplicateShare,
		"malformed_share":                            region.MalformedShare,
		"unknown_account_share":                      region.StrangerShare,
		"parents_with_two_accounts":                  1.0 / region.DoubleEvery,
		"excluded_plants":                            "the stopped feed, the stopped grade service and the late school are not in the values: they change exposure only",
		"messages": map[string]float64{"collective_per_class_week": region.CollectiveRate, "individual_per_pupil_week": region.IndividualRate, "threads_per_parent_week": region.ThreadRate,
			"opened_collective": region.OpenCollective, "opened_individual": region.OpenIndividual, "opened_by_those_who_never_come": region.OpenNever, "mean_hours": region.OpenHours, "answered": region.AnswerChance},
		"report_books":     map[string]float64{"opened": region.BookOpened, "mean_days": region.BookDays, "again": region.BookAgain},
		"grades_deferred":  region.DeferredEver,
		"deferred_note":    "in a window of weeks a setting of the register alone",
		"accompanied_note": "a quarter of them a second time some weeks later, without effect",
	}
	if c.Years > 0 {
		m["years"] = map[string]any{
			"selection": string(c.Selection), "first_login_hazard_per_week": region.HazardSlow,
			"lockdown_factor": region.LockdownFactor, "after_lockdown_factor": region.LockdownAfter, "lockdown_note": "on the visits that no publication brings",
			"deadline_visit": region.DeadlineVisit, "deadline_first_visit": region.DeadlineFirst,
			"content_visit": region.ContentVisit, "content_first_visit": region.ContentFirst, "content_mean_hours": region.ContentHours,
			"pupil_looks_at_publication": region.PupilReaction, "deferred_later": region.DeferredLater, "deferred_checking_days_factor": region.DeferredFactor,
			"loan_more_visits": region.LoanRate, "meeting_joined": region.JoinMeeting, "failures_before_log_in": region.FailedBefore, "locked_out": region.LockedOut,
			"done_in_time_by_use": region.OnTime, "second_instrument": region.AppShare, "trained": region.TrainedShare,
			"directory_note": "the directory is that of the first day: pupils stay in their class",
		}
	}
	return m
}

func byLevel(v [3]float64) map[string]float64 {
	m := map[string]float64{}
	for i, n := range region.LevelNames {
		m[n] = v[i]
	}
	return m
}

func hourMap(bands region.Hours) map[string]float64 {
	m := map[string]float64{}
	for _, b := range bands {
		m[twoDigits(b.From)+"-"+twoDigits(b.To)] = b.Share
	}
	return m
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
