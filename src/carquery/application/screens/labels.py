"""What stands on buttons of several screens."""

BACK = "⬅️ Назад"
MENU = "🏠 Меню"
YES = "Да"
NO = "Нет"
