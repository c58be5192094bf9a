"""What do the weights of your own network say?"""

from lib import ui

ui.yours(__file__)
