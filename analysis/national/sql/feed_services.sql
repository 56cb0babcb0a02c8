-- table: feed_services
-- reads: services, school
-- grain: one row per week of services and académie
-- order: week_day, academie
-- columns: week_day, academie, then the visits of each column of the table in its order
-- How many visits did each service bring, week by week in each académie, so that a feed that stopped is seen?
SELECT
  t.week_day, s.academie,
  CAST(COALESCE(SUM(t.visites_accueil), 0) AS BIGINT) AS accueil,
  CAST(COALESCE(SUM(t.visites_actualites), 0) AS BIGINT) AS actualites,
  CAST(COALESCE(SUM(t.visites_cahier_textes), 0) AS BIGINT) AS cahier_textes,
  CAST(COALESCE(SUM(t.visites_cahier_liaison), 0) AS BIGINT) AS cahier_liaison,
  CAST(COALESCE(SUM(t.visites_courrier_electronique), 0) AS BIGINT) AS courrier_electronique,
  CAST(COALESCE(SUM(t.visites_messagerie_instantanee), 0) AS BIGINT) AS messagerie_instantanee,
  CAST(COALESCE(SUM(t.visites_visioconference), 0) AS BIGINT) AS visioconference,
  CAST(COALESCE(SUM(t.visites_stockage_partage), 0) AS BIGINT) AS stockage_partage,
  CAST(COALESCE(SUM(t.visites_production_collaborative), 0) AS BIGINT) AS production_collaborative,
  CAST(COALESCE(SUM(t.visites_documentation_cdi), 0) AS BIGINT) AS documentation_cdi,
  CAST(COALESCE(SUM(t.visites_parcours_pedagogique), 0) AS BIGINT) AS parcours_pedagogique,
  CAST(COALESCE(SUM(t.visites_reservation_salles_materiels), 0) AS BIGINT) AS reservation_salles_materiels,
  CAST(COALESCE(SUM(t.visites_service_collectivite), 0) AS BIGINT) AS service_collectivite,
  CAST(COALESCE(SUM(t.visites_services_vie_scolaire), 0) AS BIGINT) AS services_vie_scolaire,
  CAST(COALESCE(SUM(t.visites_gestion_temps), 0) AS BIGINT) AS gestion_temps,
  CAST(COALESCE(SUM(t.visites_absences), 0) AS BIGINT) AS absences,
  CAST(COALESCE(SUM(t.visites_gestion_competences), 0) AS BIGINT) AS gestion_competences,
  CAST(COALESCE(SUM(t.visites_notes), 0) AS BIGINT) AS notes,
  CAST(COALESCE(SUM(t.visites_manuel_numerique), 0) AS BIGINT) AS manuel_numerique,
  CAST(COALESCE(SUM(t.visites_ressource_multimedia), 0) AS BIGINT) AS ressource_multimedia,
  CAST(COALESCE(SUM(t.visites_ressource_orientation), 0) AS BIGINT) AS ressource_orientation,
  CAST(COALESCE(SUM(t.visites_ressource_production), 0) AS BIGINT) AS ressource_production,
  CAST(COALESCE(SUM(t.visites_ressource_accompagnement_entrainement), 0) AS BIGINT)
    AS ressource_accompagnement_entrainement,
  CAST(COALESCE(SUM(t.visites_ressource_reference_dictionnaire), 0) AS BIGINT) AS ressource_reference_dictionnaire,
  CAST(COALESCE(SUM(t.visites_ressource_documentaire), 0) AS BIGINT) AS ressource_documentaire
FROM services AS t
JOIN school AS s ON s.uai = t.uai
GROUP BY t.week_day, s.academie
