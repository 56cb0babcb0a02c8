# Writes connexions_2025-T1.csv (ISO-8859-1, ";", French dates) and annuaire.csv:
# an invented export of a vie-scolaire tool. Nobody in it exists. python3 make.py
import random, datetime
random.seed(7)
def key(n): return "ABCDEFGHJKLMNPRSTUVWXYZ"[int(n) % 23]
schools = [f"037{1000+i:04d}" + key(f"037{1000+i:04d}") for i in range(6)]
rows, ann, n = [], [], 0
for s in schools:
    for c in ["6A", "5A"]:
        for i in range(25):
            n += 1
            el = f"E{n:05d}"
            for g in range(2 if random.random() < .6 else 1):
                ann.append((f"R{n:05d}{g}", "Responsable légal", s, c, el))
            ann.append((el, "Élève", s, c, el))
    for i in range(12):
        n += 1
        ann.append((f"P{n:05d}", "Professeur", s, "", ""))
modules = ["Relevé de notes", "Cahier de textes", "Absences et retards", "Messagerie", "Accueil", "Bulletin", "Emploi du temps"]
start = datetime.date(2025, 9, 8)
for a, p, s, c, e in ann:
    if p == "Responsable légal" and random.random() < .3: continue
    for d in range(90):
        if random.random() < .12:
            t = datetime.datetime.combine(start + datetime.timedelta(days=d), datetime.time(random.choice([7, 8, 12, 17, 18, 19, 20, 21, 22]), random.randint(0, 59), random.randint(0, 59)))
            for k in range(random.randint(1, 2)):
                rows.append((t + datetime.timedelta(seconds=40*k), a, p, s, random.choice(modules)))
rows.sort(key=lambda r: r[0])
with open("connexions_2025-T1.csv", "w", encoding="iso-8859-1", newline="") as f:
    f.write("Date et heure;Identifiant;Catégorie;Établissement;Rubrique consultée;Matériel\r\n")
    for t, a, p, s, m in rows:
        f.write(f"{t:%d/%m/%Y %H:%M:%S};{a};{p};{s};{m};{random.choice(['Téléphone','Ordinateur','Tablette'])}\r\n")
lines = ["Identifiant;Catégorie;Nom;Prénom;Établissement;Classe;Élève"] + [f"{a};{p};NOM{a};Prénom{a};{s};{c};{e if p != 'Professeur' else ''}" for a, p, s, c, e in ann]
with open("annuaire.csv", "w", encoding="iso-8859-1", newline="") as f:
    f.write("\r\n".join(lines) + "\r\n")
